/**
 * What drawing needs of the DOM, and no more: a document that makes elements (a browser's, happy-dom's), handed in by the
 * host. The report reads the tree that Plot builds and writes the text itself, so every host yields the same bytes.
 */
export interface DrawingDocument {
  createElementNS(namespace: string, name: string): unknown
}

/** A node of the tree that Plot builds. */
export interface DrawnNode {
  /** 1 for an element, 3 for text. */
  readonly nodeType: number
  readonly nodeName: string
  readonly nodeValue: string | null
  readonly childNodes: Iterable<DrawnNode>
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>
}
