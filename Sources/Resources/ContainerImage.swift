// SPDX-License-Identifier: Apache-2.0

package import Values

/// An image archive (docker-archive form) loaded into the runtime's store.
package struct ContainerImage: Sendable, Equatable {
  /// `registry.k8s.io/pause:3.2`.
  package var reference: String
  /// The archive on the host: a `Binary` delivers it.
  package var archive: String
  /// `containerd`: through `ctr -n k8s.io images import`; `docker`: through `docker load`; `crio`: through
  /// skopeo.
  package var engine: String
  /// How the engine lays out its store, where it must be told.
  package var storageDriver: String
  package var reason: String

  package init(
    reference: String,
    archive: String,
    engine: String,
    storageDriver: String = "",
    reason: String
  ) {
    self.reference = reference
    self.archive = archive
    self.engine = engine
    self.storageDriver = storageDriver
    self.reason = reason
  }
}

extension ContainerImage: HostResource {
  package static let kind = "image"

  package var id: ResourceID { ResourceID(kind: Self.kind, name: reference) }
  package var manifestFields: [String] {
    ["engine=\(engine)"] + (storageDriver.isEmpty ? [] : ["storage=\(storageDriver)"])
  }
  package var fingerprint: Digest { Digest(of: "\(reference)\0\(archive)") }

  package func observe(as label: String, in program: inout ObservationProgram) {
    switch engine {
    case Self.crio:
      program.add([label, reference], to: "images_crio", definedBy: Self.observingCRIO)
    case "docker":
      program.add([label, reference], to: "images_docker", definedBy: DockerShell.observing)
    default:
      program.add([label, reference], to: "images_containerd", definedBy: Self.observing)
    }
  }

  package func change(from observed: Observation, in context: PlanContext) -> Change? {
    let delivered = context.changed.contains(ResourceID(kind: Binary.kind, name: archive))
    if observed.exists, !delivered { return nil }
    return change(observed.exists ? .update : .create, "load \(archive) into \(engine)")
  }

  package func holds(in look: inout HostLook) -> String {
    let (function, shell) =
      switch engine {
      case Self.crio: ("images_crio", Self.observingCRIO)
      case "docker": ("images_docker", DockerShell.observing)
      default: ("images_containerd", Self.observing)
      }
    let isThere = look.says("exists x", function, [reference], definedBy: shell)
    let unchanged = look.untouched([ResourceID(kind: Binary.kind, name: archive)])
    return unchanged.map { "\($0) && \(isThere)" } ?? isThere
  }

  package func converge(_ change: Change, in context: ApplyContext) -> String {
    switch engine {
    case Self.crio: Self.importIntoCRIO(reference, from: archive, driver: storageDriver)
    case "containerd": "import_image \(Shell.command([reference, archive])) || return 1\n"
    case "docker": "load_image \(Shell.command([reference, archive])) || return 1\n"
    default: "refuse \(Shell.quote("images cannot be loaded into \(engine)")) || return 1\n"
    }
  }

  package static func removal(of entry: ManifestEntry) -> String {
    if entry["engine"] == crio {
      return removeFromCRIO(entry.id.name, driver: entry["storage"] ?? "overlay")
    }
    let function = isDocker(entry) ? "unload_image" : "remove_image"
    return "\(function) \(Shell.quote(entry.id.name)) || return 1\n"
  }

  /// Docker removes no image that a container uses: its containers go first.
  static func isDocker(_ entry: ManifestEntry) -> Bool {
    entry.id.kind == kind && entry["engine"] == "docker"
  }

  private static let observing = """
    # Without a socket nothing answers, and ctr would wait.
    containerd_images() {
      [ -S /run/containerd/containerd.sock ] && command -v ctr >/dev/null 2>&1 || return 1
      ctr --connect-timeout 3s -n k8s.io images ls -q 2>/dev/null
    }

    images_containerd() {
      images=$(containerd_images) || return 0
      while [ $# -gt 0 ]; do
        case "
    $images
    " in
          *"
    $2
    "*) printf 'exists %s\\n' "$1" ;;
        esac
        shift 2
      done
    }
    """

  package static let functions =
    [
      observing, DockerShell.observing, DockerShell.changing,
      """
      # import_image REFERENCE ARCHIVE
      import_image() {
        ctr --connect-timeout 10s -n k8s.io images import "$2" || return 1
        case "
      $(containerd_images)
      " in
          *"
      $1
      "*) ;;
          *) refuse "$2 holds no image $1"; return 1 ;;
        esac
      }

      remove_image() {
        ! containerd_images >/dev/null || ctr --connect-timeout 3s -n k8s.io images rm "$1"
      }
      """,
    ] + functionsForCRIO
}
