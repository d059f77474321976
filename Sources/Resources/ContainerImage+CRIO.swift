// SPDX-License-Identifier: Apache-2.0

import Values

/// Images in CRI-O's store, which skopeo fills and which has its list of names in a file.
extension ContainerImage {
  /// The engine's name for `ContainerImage.engine`.
  package static let crio = "crio"

  static func importIntoCRIO(_ reference: String, from archive: String, driver: String) -> String {
    "import_crio_image \(Shell.command([reference, archive, driver])) || return 1\n"
  }

  static func removeFromCRIO(_ reference: String, driver: String) -> String {
    "remove_crio_image \(Shell.command([reference, driver])) || return 1\n"
  }

  /// Every driver keeps an index of its own.
  static let observingCRIO = """
    # images_crio LABEL REFERENCE...
    images_crio() {
      while [ $# -gt 0 ]; do
        ! has_crio_image "$2" || printf 'exists %s\\n' "$1"
        shift 2
      done
    }

    has_crio_image() {
      for index in /var/lib/containers/storage/*-images/images.json; do
        [ ! -f "$index" ] || ! grep -qF "\\"$1\\"" "$index" || return 0
      done
      return 1
    }
    """

  static let functionsForCRIO = [
    observingCRIO,
    """
    crio_store='/var/lib/containers/storage+/run/containers/storage'

    # import_crio_image REFERENCE ARCHIVE DRIVER: the archive is ours, so no policy has a say.
    import_crio_image() {
      skopeo --insecure-policy copy -q "docker-archive:$2" \\
        "containers-storage:[$3@$crio_store]$1" || return 1
      has_crio_image "$1" || { refuse "$2 holds no image $1"; return 1; }
    }

    # remove_crio_image REFERENCE DRIVER: one that containers still use goes with the store, if that is ours.
    remove_crio_image() {
      has_crio_image "$1" && command -v skopeo >/dev/null 2>&1 || return 0
      skopeo --insecure-policy delete "containers-storage:[$2@$crio_store]$1" >/dev/null 2>&1
      return 0
    }
    """,
  ]
}
