// Base of the elements that listen to the window or the document. A subclass passes `signal` to
// each addEventListener in its `listen(signal)`; removing the element ends them all.
export class ListeningElement extends HTMLElement {
  #connection;

  connectedCallback() {
    this.#connection = new AbortController();
    this.listen(this.#connection.signal);
  }

  disconnectedCallback() {
    this.#connection.abort();
  }
}
