"""Which sockets are there? One, for the room board."""

from django.urls import path

from exams.consumers import RoomBoardConsumer

websocket_urlpatterns = [path("ws/rooms/", RoomBoardConsumer.as_asgi())]
