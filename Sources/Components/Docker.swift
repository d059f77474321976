// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import Values

/// Docker Engine as what runs containers: the host's own, or the distribution's, with a cgroup driver that
/// the kubelet agrees with; from the minor on whose kubelet no longer drives it, cri-dockerd beside it.
package enum Docker: Component {
  package static let name = "docker"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker, context.host.runtime.engine == .docker else { return [] }
    let package = try package(context)
    let configuration = configuration(context)
    let delivered = DeliveredImages(context, engine: name)
    let driver = try usesShim(context) ? shimFolder : CRIDockerd.resources(context)
    return (package + delivered.archives).staged(.prepare)
      + (configuration + [
        .unit(
          Unit(
            name: "docker.service",
            dependsOn: (package + configuration).dependencies,
            reason: "Docker runs, now and after a reboot."
          )
        )
      ] + delivered.images).staged(.workers) + driver
  }

  /// Whether the kubelet drives Docker itself.
  static func usesShim(_ context: HostContext) -> Bool {
    Catalog.standard.has(.dockershim, at: context.minor)
  }

  /// - Throws: `Failure` (`preflight`) where there is neither Docker nor a package manager.
  private static func package(_ context: HostContext) throws -> [Resource] {
    guard let manager = context.packageManager else {
      guard context.facts.tools["dockerd"] != nil || context.facts.tools["docker"] != nil else {
        throw Failure(
          .preflight,
          host: context.host.name,
          "has no docker, and no package manager to install it with",
          remedy: "install Docker Engine on the host, or choose another runtime.engine"
        )
      }
      return []
    }
    return [
      .package(
        Package(
          name: manager == .apt ? "docker.io" : "docker",
          manager: manager.rawValue,
          program: "dockerd",
          reason: "Runs containers; Docker's own packages do as well."
        )
      )
    ]
  }

  /// A configuration file of the user's stays, and the kubelet does as that Docker does.
  private static func configuration(_ context: HostContext) -> [Resource] {
    guard context.facts.foreignDockerDriver == nil else { return [] }
    let document: Document = [
      "exec-opts": [.text("native.cgroupdriver=\(CgroupDriver(context.facts).rawValue)")],
      "log-driver": "json-file",
      "log-opts": ["max-size": "10m", "max-file": "3"],
    ]
    return [
      .directory(Directory(path: "/etc/docker", reason: "Docker's configuration.")),
      .file(
        File(
          path: Layout.dockerConfig,
          text: document.json,
          reason: "Makes Docker agree with the kubelet on who makes cgroups, and bounds its logs."
        )
      ),
    ]
  }

  private static let shimFolder = [
    StagedResource(
      .prepare,
      .directory(
        Directory(
          path: Layout.dockershim,
          ownsContents: true,
          reason: "What the kubelet notes of the pods that it had Docker make."
        )
      )
    )
  ]
}

/// The runtime interface in front of Docker, for kubelets that speak nothing else.
enum CRIDockerd {
  static let unit = "cri-docker.service"

  /// - Throws: `Failure` (`artifact`) that says how to supply the program.
  static func resources(_ context: HostContext) throws -> [StagedResource] {
    let program = try context.suppliedBinary(
      "cri-dockerd",
      reason: "Drives Docker for the kubelet."
    )
    let pause = Catalog.standard.fact(.pauseImage, at: context.minor)
    let file = UnitFile(
      name: unit,
      description: "Container runtime interface of Docker",
      after: ["docker.service"],
      wants: ["docker.service"],
      command: [
        "\(Layout.binaries)/cri-dockerd", "--container-runtime-endpoint=\(Layout.criDockerSocket)",
        "--network-plugin=cni", "--cni-conf-dir=\(Layout.cniConfigurations)",
        "--cni-bin-dir=\(Layout.cniPrograms)", "--pod-infra-container-image=\(pause)",
      ],
      service: [("KillMode", "process")] + UnitFile.alwaysRestarted + [("LimitNOFILE", "65536")]
    ).file(reason: "Starts cri-dockerd.")
    return [
      StagedResource(.prepare, program), StagedResource(.workers, .file(file)),
      StagedResource(
        .workers,
        .unit(
          Unit(
            name: unit,
            dependsOn: [program, .file(file)].dependencies,
            reason: "The kubelet reaches Docker, now and after a reboot."
          )
        )
      ),
    ]
  }
}

extension HostContext {
  /// A program that no source but a folder of the user's has.
  /// - Throws: `Failure` (`artifact`) that says how to supply it.
  func suppliedBinary(
    _ program: String,
    in directory: String = Layout.binaries,
    reason: String
  ) throws -> Resource {
    guard programs[program] != nil else {
      let architecture = facts.architecture.rawValue
      throw Failure(
        .artifact,
        host: host.name,
        "the program \(program) for \(architecture) is not among the artifacts",
        why: "it is published in no place that kubewright fetches from",
        remedy: "put it into a folder as \(architecture)/\(program) and add {folder: PATH} to "
          + "spec.artifacts.sources"
      )
    }
    return try binary(program, in: directory, reason: reason)
  }
}
