// The few parts of a page that screens of the player are made of, for tests without a browser. Markup that a paper
// brings stays the text it is. Import first.

class Piece {
  constructor(nodeType, text = "") {
    this.nodeType = nodeType;
    this.nodeValue = text;
    this.parentElement = null;
  }

  get textContent() {
    return this.nodeValue;
  }
}

class Element extends Piece {
  constructor(name) {
    super(1);
    this.localName = name;
    this.attributes = {};
    this.children = [];
    this.listeners = {};
    this.hidden = false;
    this.innerHTML = "";
  }

  get className() {
    return this.attributes.class || "";
  }

  set className(value) {
    this.attributes.class = value;
  }

  get firstChild() {
    return null; // nothing below is walked over
  }

  get textContent() {
    return this.innerHTML + this.children.map((child) => child.textContent).join("");
  }

  set textContent(text) {
    this.innerHTML = "";
    this.children = text ? [new Piece(3, text)] : [];
  }

  appendChild(child) {
    this.children.push(child);
    return child;
  }

  getAttribute(name) {
    return name in this.attributes ? this.attributes[name] : null;
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  addEventListener(name, run) {
    this.listeners[name] = run;
  }

  querySelectorAll() {
    return [];
  }

  focus() {}

  /** Every element of this class, here and below. */
  ofClass(name) {
    const own = this.className.split(" ").includes(name) ? [this] : [];
    return own.concat(...this.children.filter((child) => child.ofClass).map((child) => child.ofClass(name)));
  }
}

globalThis.document = {
  createElement: (name) => new Element(name),
  createElementNS: (space, name) => new Element(name),
  createTextNode: (text) => new Piece(3, text),
  getElementById: () => null,
  querySelector: () => null,
};
