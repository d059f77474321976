// SPDX-License-Identifier: Apache-2.0

/// A way to run pods beside the engine's own: a RuntimeClass in the cluster, a table in the runtime's
/// configuration.
package struct HandlerSpec: Sendable, Equatable {
  /// What pods name in `runtimeClassName`.
  package var name: String
  package var type: HandlerType
  /// The program that runs the pods; nil: where the type's packages put it.
  package var runtime: String?
  /// The program's own configuration file; nil: it finds one by itself.
  package var configuration: String?
  /// The packages to install for it.
  package var packages: [String]
  /// What a pod costs on top of its containers; nil: the type's usual cost.
  package var overhead: OverheadSpec?
  package var kernel: HandlerKernel

  package init(
    name: String,
    type: HandlerType,
    runtime: String? = nil,
    configuration: String? = nil,
    packages: [String] = [],
    overhead: OverheadSpec? = nil,
    kernel: HandlerKernel = .own
  ) {
    self.name = name
    self.type = type
    self.runtime = runtime
    self.configuration = configuration
    self.packages = packages
    self.overhead = overhead
    self.kernel = kernel
  }
}

/// Whose kernel the pods of a handler run on.
package enum HandlerKernel: String, Sendable, CaseIterable, Codable {
  case own
  case host
}

package enum HandlerType: String, Sendable, CaseIterable, Codable {
  case kata
  case clearContainers = "clear-containers"
  case custom

  /// Whether pods get a kernel of their own, for which the CPU must help.
  package var needsVirtualization: Bool { self != .custom }
}

/// Quantities as Kubernetes writes them: `250m`, `160Mi`.
package struct OverheadSpec: Sendable, Equatable {
  package var cpu: String?
  package var memory: String?

  package init(cpu: String? = nil, memory: String? = nil) {
    self.cpu = cpu
    self.memory = memory
  }
}
