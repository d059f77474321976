// SPDX-License-Identifier: Apache-2.0

package import Values

/// What the probe found on a host: capabilities, not distribution names.
///
/// Recorded beside the spec, so that rendering and planning need no host.
package struct HostFacts: Sendable, Equatable, Codable {
  /// `uname -n`.
  package var hostname: String
  /// `ID` and `VERSION_ID` of os-release, for people.
  package var osID: String
  package var osVersion: String
  /// `uname -r`.
  package var kernel: String
  /// The userland's architecture, by the ELF header of sh and not by `uname -m`.
  package var architecture: Architecture
  /// `systemd`, or what process 1 calls itself.
  package var initSystem: String
  /// systemd's version, 0 where it does not run the machine.
  package var systemdVersion: Int
  package var packageManager: PackageManager?
  package var cgroup: CgroupLayout
  /// Whether a process may lower its oom_score_adj (containers need `restrict_oom_score_adj` where not).
  package var mayLowerOOMScore: Bool
  /// Programs of interest that are in PATH: name to absolute path.
  package var tools: [String: String]
  /// Paths of interest that exist: directories and marker files.
  package var paths: [String]
  /// IPv4 addresses of the host's interfaces.
  package var addresses: [IPv4Address]
  /// `device cidr` of directly connected routes are not needed; the default route's presence is.
  package var hasDefaultRoute: Bool
  package var memoryMiB: Int
  package var cpus: Int
  /// MiB free where /var/lib is.
  package var freeMiB: Int
  /// Active swap devices and files.
  package var swaps: [String]
  /// TCP ports that something listens on, with the program's name where known.
  package var listening: [ListeningPort]
  /// Host seconds since 1970 minus the operator's at the probe.
  package var clockSkewSeconds: Int
  package var machineID: String
  /// systemd unit names of the time service that is active, if any.
  package var timeService: String?
  /// One that is installed; which does not run where none does.
  package var idleTimeService: String?
  /// Whether a filter table is in force that drops by default (INPUT policy or rules).
  package var filtersInput: Bool
  /// The version that containerd says it has, if it is there.
  package var containerdVersion: String?
  /// `uid` of the login; 0 is root.
  package var loginUID: Int
  /// The cluster name of our own manifest on the host, if there is one.
  package var manifestCluster: String?
  /// Signs of a cluster that is not ours (files of kubeadm, k0s, k3s, another kubewright), as paths.
  package var foreign: [String]
  /// The extension by which the CPU runs guests, `vmx` or `svm`; nil where it shows none.
  package var virtualization: String?
  /// Whether the kernel is a 64-bit one, whatever the userland is.
  package var kernelIs64Bit: Bool
  /// The type of the root file system: `ext4`, `overlay`, `tmpfs`.
  package var rootFileSystem: String
  /// What is at /mnt/flash, where Arista EOS keeps all that outlives a reload.
  package var flash: FlashFacts?
  /// Modes of kube-proxy that a try showed the kernel to have nothing for.
  package var lacksForProxy: [String]
  /// The cgroup driver of a Docker whose configuration file is there and none of ours.
  package var foreignDockerDriver: String?
  /// Which EC2 instance the host is; nil where it is none, or was not asked.
  package var instance: InstanceIdentity?
  /// firewalld, where it runs.
  package var firewalld: FirewalldFacts?
  /// Filters of nftables that are nobody's but the user's; nil where there is none.
  package var filterChains: [FilterChain]?
  /// Places of runtimes on file systems that do not keep files' types in directories (XFS with ftype=0), which
  /// overlays need; nil where there is none.
  package var withoutFileTypes: [String]?

  package init(
    hostname: String,
    osID: String = "debian",
    osVersion: String = "12",
    kernel: String = "6.1.0",
    architecture: Architecture = .amd64,
    initSystem: String = "systemd",
    systemdVersion: Int = 252,
    packageManager: PackageManager? = .apt,
    cgroup: CgroupLayout = .v2,
    mayLowerOOMScore: Bool = true,
    tools: [String: String] = [:],
    paths: [String] = [],
    addresses: [IPv4Address] = [],
    hasDefaultRoute: Bool = true,
    memoryMiB: Int = 4096,
    cpus: Int = 2,
    freeMiB: Int = 20480,
    swaps: [String] = [],
    listening: [ListeningPort] = [],
    clockSkewSeconds: Int = 0,
    machineID: String = "",
    timeService: String? = nil,
    idleTimeService: String? = nil,
    filtersInput: Bool = false,
    containerdVersion: String? = nil,
    loginUID: Int = 0,
    manifestCluster: String? = nil,
    foreign: [String] = [],
    virtualization: String? = nil,
    kernelIs64Bit: Bool = true,
    rootFileSystem: String = "ext4",
    flash: FlashFacts? = nil,
    lacksForProxy: [String] = [],
    foreignDockerDriver: String? = nil,
    instance: InstanceIdentity? = nil,
    firewalld: FirewalldFacts? = nil,
    filterChains: [FilterChain]? = nil,
    withoutFileTypes: [String]? = nil
  ) {
    self.hostname = hostname
    self.osID = osID
    self.osVersion = osVersion
    self.kernel = kernel
    self.architecture = architecture
    self.initSystem = initSystem
    self.systemdVersion = systemdVersion
    self.packageManager = packageManager
    self.cgroup = cgroup
    self.mayLowerOOMScore = mayLowerOOMScore
    self.tools = tools
    self.paths = paths
    self.addresses = addresses
    self.hasDefaultRoute = hasDefaultRoute
    self.memoryMiB = memoryMiB
    self.cpus = cpus
    self.freeMiB = freeMiB
    self.swaps = swaps
    self.listening = listening
    self.clockSkewSeconds = clockSkewSeconds
    self.machineID = machineID
    self.timeService = timeService
    self.idleTimeService = idleTimeService
    self.filtersInput = filtersInput
    self.containerdVersion = containerdVersion
    self.loginUID = loginUID
    self.manifestCluster = manifestCluster
    self.foreign = foreign
    self.virtualization = virtualization
    self.kernelIs64Bit = kernelIs64Bit
    self.rootFileSystem = rootFileSystem
    self.flash = flash
    self.lacksForProxy = lacksForProxy
    self.foreignDockerDriver = foreignDockerDriver
    self.instance = instance
    self.firewalld = firewalld
    self.filterChains = filterChains
    self.withoutFileTypes = withoutFileTypes
  }
}

/// What is known of /mnt/flash.
package struct FlashFacts: Sendable, Hashable, Codable {
  /// `ext4`, `vfat`.
  package var fileSystem: String
  package var freeMiB: Int
  /// The number of the group that may enter, where others may not.
  package var group: Int?

  package init(fileSystem: String, freeMiB: Int, group: Int? = nil) {
    self.fileSystem = fileSystem
    self.freeMiB = freeMiB
    self.group = group
  }
}

package struct ListeningPort: Sendable, Hashable, Codable {
  package var port: Int
  package var program: String
  package init(port: Int, program: String) {
    self.port = port
    self.program = program
  }
}

package enum PackageManager: String, Sendable, Codable, CaseIterable {
  case apt
  case dnf
  case yum
}

package enum CgroupLayout: String, Sendable, Codable, CaseIterable {
  case v1
  case hybrid
  case v2
}
