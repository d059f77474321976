// SPDX-License-Identifier: Apache-2.0

package import Values

/// A program or image archive that lies ready on this computer.
package struct StoredArtifact: Sendable, Equatable, Codable {
  package var name: ArtifactName
  /// What it is, as its project writes it; an image's reference.
  ///
  /// May be newer in its patch release than what was asked for.
  package var version: String
  package var architecture: Architecture
  package var digest: Digest
  /// In bytes.
  package var size: Int
  /// Its absolute path.
  package var path: String
  /// `published`, `mirror URL`, `folder PATH`, `this program` or `build`.
  package var source: String
  /// Where a host may fetch just this file by itself.
  package var url: String?
  /// The digest that is published for the file at `url`: this one's, or the archive's that holds it.
  package var published: Digest?
}
