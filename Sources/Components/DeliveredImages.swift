// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Spec
import Values

/// The images that a host needs no registry for: archives that were delivered with the cluster's programs,
/// and their loading into the runtime.
struct DeliveredImages {
  /// Empty where there are no archives.
  let archives: [Resource]
  let images: [Resource]

  /// The images for `engine`, a word of `ContainerImage.engine`.
  init(_ context: HostContext, engine: String) {
    let wanted = [
      (
        "pause.tar", Catalog.standard.fact(.pauseImage, at: context.minor),
        "Holds each pod's namespaces."
      ),
      ("busybox.tar", "kubewright.local/busybox:1", "Runs the pods of `kubewright verify`."),
    ].filter {
      guard let archive = context.programs[$0.0] else { return false }
      // Who makes himself a node fetches all himself; the registry has what no place of ours has.
      return context.eks?.isLate != true || archive.url != nil
    }
    guard !wanted.isEmpty else {
      archives = []
      images = []
      return
    }
    let directory = Resource.directory(
      Directory(
        path: Layout.images,
        ownsContents: true,
        reason: "Image archives that hosts need no registry for."
      )
    )
    archives =
      [directory]
      + wanted.compactMap { name, reference, _ in
        try? context.binary(
          name,
          in: Layout.images,
          mode: 0o644,
          reason: "The image \(reference) as an archive."
        )
      }
    images = wanted.map { name, reference, reason in
      .image(
        ContainerImage(
          reference: reference,
          archive: "\(Layout.images)/\(name)",
          engine: engine,
          storageDriver: engine == ContainerImage.crio ? context.crio.storageDriver.rawValue : "",
          reason: reason
        )
      )
    }
  }
}
