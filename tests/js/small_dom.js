// The few parts of the DOM that walking over text needs, for tests without a browser.

class SmallNode {
  constructor(nodeType) {
    this.nodeType = nodeType;
    this.parentElement = null;
    this.firstChild = null;
    this.nextSibling = null;
  }
}

class SmallElement extends SmallNode {
  constructor(name, attributes, children) {
    super(1);
    this.localName = name;
    this.attributes = new Map(Object.entries(attributes));
    children.forEach((child, index) => {
      child.parentElement = this;
      child.nextSibling = children[index + 1] || null;
    });
    this.firstChild = children[0] || null;
  }

  getAttribute(name) {
    return this.attributes.has(name) ? this.attributes.get(name) : null;
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  /** Selectors of the form `name` and `[name="value"]`, parted by commas. */
  closest(selector) {
    const fits = selector.split(",").some((one) => {
      const attribute = /^\[(.+)="(.+)"\]$/.exec(one.trim());
      return attribute ? this.getAttribute(attribute[1]) === attribute[2] : this.localName === one.trim();
    });
    return fits ? this : this.parentElement && this.parentElement.closest(selector);
  }
}

export function element(name, attributes = {}, children = []) {
  return new SmallElement(name, attributes, children);
}

export function textNode(text) {
  const node = new SmallNode(3);
  node.nodeValue = text;
  return node;
}
