// SPDX-License-Identifier: Apache-2.0

import Catalog
import Facts
import Resources
import Spec
import Values

/// What runs containers: the distribution's containerd with a configuration of ours, and the images that
/// were delivered with the cluster.
package enum Containerd: Component {
  package static let name = "containerd"

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    guard context.isWorker, context.host.runtime.engine == .containerd else { return [] }
    let package = try package(context)
    let configuration = Resource.file(
      File(
        path: Layout.containerdConfig,
        text: configuration(context),
        reason: "Makes containerd agree with the kubelet: cgroup driver, CNI, pause image."
      )
    )
    let delivered = DeliveredImages(context, engine: name)
    return
      (directories + package + delivered.archives).staged(.prepare)
      + ([
        configuration,
        .unit(
          Unit(
            name: "containerd.service",
            dependsOn: [configuration].dependencies,
            reason: "containerd runs, now and after a reboot."
          )
        ),
      ] + delivered.images).staged(.workers)
  }

  /// Before the package, which would make them itself: what is there before us stays after reset.
  private static let directories: [Resource] = [
    .directory(
      Directory(
        path: "/var/lib/containerd",
        mode: 0o700,
        ownsContents: true,
        reason: "Images and containers' layers."
      )
    ),
    .directory(
      Directory(
        path: "/etc/containerd",
        ownsContents: true,
        reason: "containerd's configuration."
      )
    ),
  ]

  /// The package is wanted whether or not it is there, so that what one run installed the next one does
  /// not take for something unwanted.
  /// - Throws: `Failure` (`preflight`) where there is neither containerd nor a package manager.
  private static func package(_ context: HostContext) throws -> [Resource] {
    if let manager = context.packageManager {
      return [
        .package(
          Package(
            name: "containerd",
            manager: manager.rawValue,
            // Docker's own package of it stays as it came.
            program: "containerd",
            reason: "Runs containers; from the distribution, which keeps it secure."
          )
        )
      ]
    }
    guard context.facts.containerdVersion != nil else {
      throw Failure(
        .preflight,
        host: context.host.name,
        "has no containerd, and no package manager to install it with",
        remedy: "install containerd 1.6 or newer on the host"
      )
    }
    return []
  }

  /// Version 2 of the file's format: containerd 1.3 to 1.7 read it, and 2.x migrates it when it
  /// starts.
  ///
  /// One form for all means that the file does not change when a first run finds out which it
  /// installed.
  private static func configuration(_ context: HostContext) -> String {
    let pause = Catalog.standard.fact(.pauseImage, at: context.minor)
    let restricted = !context.facts.mayLowerOOMScore
    let systemd = CgroupDriver(context.facts) == .systemd
    return """
      # Written by kubewright.
      version = 2

      [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "\(pause)"
        # Where nothing may lower an oom_score_adj, runc would die of trying.
        restrict_oom_score_adj = \(restricted)

        [plugins."io.containerd.grpc.v1.cri".cni]
          bin_dir = "\(Layout.cniPrograms)"
          conf_dir = "\(Layout.cniConfigurations)"

        [plugins."io.containerd.grpc.v1.cri".containerd]
          snapshotter = "overlayfs"
          default_runtime_name = "runc"

          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
              # As the kubelet's cgroupDriver.
              SystemdCgroup = \(systemd)

      # Not in /opt, where it would be made at every start and found by no reset.
      [plugins."io.containerd.internal.v1.opt"]
        path = "/var/lib/containerd"

      """ + HandlerTables.containerd(context.host.runtime.handlers)
  }
}
