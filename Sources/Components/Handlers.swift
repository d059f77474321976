// SPDX-License-Identifier: Apache-2.0

import Facts
import Resources
import Spec
import Values

/// What handlers need on a host beside the runtime's tables: their packages and their own settings.
package enum Handlers: Component {
  package static let name = "handlers"

  /// Hosts with the handler `NAME` carry this label, and pods of its RuntimeClass go there.
  static func label(_ name: String) -> String { "handler.kubewright.io/\(name)" }

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker else { return [] }
    let handlers = context.host.runtime.handlers
    return try packages(handlers, context).staged(.prepare)
      + settings(handlers, context).staged(.workers)
  }

  private static func packages(
    _ handlers: [HandlerSpec],
    _ context: HostContext
  ) throws -> [Resource] {
    var seen: Set<String> = []
    let wanted = handlers.flatMap { handler in
      handler.packages.filter { seen.insert($0).inserted }.map { (name: $0, handler: handler) }
    }
    guard !wanted.isEmpty else { return [] }
    guard let manager = context.facts.packageManager else {
      throw Failure(
        .preflight,
        host: context.host.name,
        "has no package manager to install \(wanted.map(\.name).joined(separator: ", ")) with",
        remedy: "put the handlers' programs on the host and leave out their packages"
      )
    }
    return wanted.map { name, handler in
      .package(
        Package(
          name: name,
          manager: manager.rawValue,
          reason: "Runs pods of the handler \(handler.name)."
        )
      )
    }
  }

  private static func settings(_ handlers: [HandlerSpec], _ context: HostContext) -> [Resource] {
    guard handlers.contains(where: { $0.type == .clearContainers && $0.configuration == nil })
    else { return [] }
    return [
      .file(
        File(
          path: "/etc/clear-containers/configuration.toml",
          text: ClearContainers.configuration,
          reason: "Clear Containers with the machine emulator of their packages, and pods on the "
            + "bridge; cc-runtime reads this file before its own."
        )
      )
    ]
  }
}

/// Clear Containers 3, as its packages for CentOS 7 lay it out.
enum ClearContainers {
  /// Source: clearcontainers/runtime config/configuration.toml.in of 3.0, with the paths of its
  /// packages.
  static let configuration = """
    # Written by kubewright.
    [hypervisor.qemu]
    # The packages' build; the default names one of Clear Linux.
    path = "/usr/bin/qemu-cc-system-x86_64"
    kernel = "/usr/share/clear-containers/vmlinuz.container"
    image = "/usr/share/clear-containers/clear-containers.img"
    machine_type = "pc"
    kernel_params = ""
    firmware = ""
    machine_accelerators = ""
    default_vcpus = 1
    default_bridges = 1
    disable_block_device_use = false

    [proxy.cc]
    path = "/usr/libexec/clear-containers/cc-proxy"

    [shim.cc]
    path = "/usr/libexec/clear-containers/cc-shim"

    [runtime]
    # Pods are on a bridge, which macvtap bypasses.
    internetworking_model = "bridged"

    """
}
