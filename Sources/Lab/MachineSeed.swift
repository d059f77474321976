// SPDX-License-Identifier: Apache-2.0

import Values

/// The files that make a machine this one and no other, but for its keys: paths without the leading slash.
struct MachineSeed: Sendable {
  struct File: Sendable, Equatable {
    var path: String
    var text: String
    var mode: FileMode = 0o644
  }

  let topology: Topology
  let machine: Machine
  /// The public key that logs in.
  let loginKey: String
  /// Reads a file of the root file system below the machine.
  let lower: @Sendable (_ path: String) -> String?

  /// Where the login user's folder is.
  var home: String { machine.user == "root" ? "root" : "home/\(machine.user)" }

  var files: [File] {
    var files = [
      File(path: "etc/hostname", text: machine.hostname + "\n"),
      File(path: "etc/hosts", text: hosts),
      File(path: "\(home)/.ssh/authorized_keys", text: loginKey, mode: 0o600),
      File(path: "etc/systemd/system/lab-interfaces.service", text: Self.interfaces),
      // Containers that heed no signal would hold a shutdown up for 90 s.
      File(
        path: "etc/systemd/system.conf.d/lab.conf",
        text: "[Manager]\nDefaultTimeoutStopSec=10s\n"
      ),
    ]
    if machine.isRouter {
      files.append(
        File(path: "etc/sysctl.d/20-lab-router.conf", text: "net.ipv4.ip_forward = 1\n")
      )
    }
    if let ospf = machine.ospf {
      let routing = RoutingFiles(hostname: machine.hostname, ospf: ospf)
      files += [
        File(path: "etc/frr/daemons", text: RoutingFiles.daemons, mode: 0o640),
        File(path: "etc/frr/frr.conf", text: routing.configuration, mode: 0o640),
      ]
    }
    if machine.system == .eos { files += switchFiles + account }
    if hasDocker { files.append(File(path: Self.runcPath, text: Self.runc, mode: 0o755)) }
    return files
  }

  /// The lab's machines by name, so that they find each other without a name server.
  private var hosts: String {
    let lines =
      ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
      + topology.machines.map { machine in
        let names = Set([machine.name, machine.hostname]).sorted().joined(separator: " ")
        return "\(machine.address) \(names)"
      }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The /sys that systemd-nspawn makes tells of the interfaces of the lab's own network namespace.
  private static let interfaces = """
    [Unit]
    Description=The machine's own interfaces in /sys
    DefaultDependencies=no
    Before=sysinit.target
    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=/usr/bin/mkdir -p /run/lab-sysfs
    ExecStart=/usr/bin/mount -t sysfs sysfs /run/lab-sysfs
    ExecStart=/usr/bin/mount --bind /run/lab-sysfs/class/net /sys/class/net
    ExecStart=/usr/bin/mount --bind /run/lab-sysfs/devices/virtual/net /sys/devices/virtual/net
    ExecStart=/usr/bin/umount /run/lab-sysfs
    [Install]
    WantedBy=sysinit.target

    """

  /// What tells a switch from a computer, and its boot hook.
  private var switchFiles: [File] {
    [
      File(path: "etc/arista-release", text: Self.release),
      File(path: "etc/Eos-release", text: Self.release),
      File(path: "etc/systemd/system/rc-eos.service", text: Self.bootHook),
    ]
  }

  static let release = "Arista vEOS-lab EOS 4.21.1F (a stand-in of a kubewright lab)\n"

  /// EOS runs the file as root at every boot.
  private static let bootHook = """
    [Unit]
    Description=/mnt/flash/rc.eos, as EOS runs it at every boot
    ConditionPathExists=/mnt/flash/rc.eos
    After=basic.target
    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=/bin/bash /mnt/flash/rc.eos
    [Install]
    WantedBy=multi-user.target

    """

  /// The login user, who is not root.
  private var account: [File] {
    let user = machine.user
    func appended(_ path: String, _ line: String) -> String {
      var text = lower(path) ?? ""
      if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
      return text + line + "\n"
    }
    return [
      File(
        path: "etc/passwd",
        text: appended("etc/passwd", "\(user):x:\(Self.userID):\(Self.userID)::/\(home):/bin/bash")
      ),
      File(path: "etc/group", text: appended("etc/group", "\(user):x:\(Self.userID):")),
      // No password fits, and the account is not locked: keys alone log in.
      File(path: "etc/shadow", text: appended("etc/shadow", "\(user):*:19000::::::"), mode: 0o640),
      File(path: "etc/sudoers.d/lab", text: "\(user) ALL=(ALL) NOPASSWD: ALL\n", mode: 0o440),
      File(path: "\(home)/.bashrc", text: "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin\n"),
    ]
  }

  static let userID = 1000

  private var hasDocker: Bool { machine.userland.packages.contains("docker.io") }

  static let runcPath = "usr/local/libexec/lab-runc"

  /// Runs the real runc where nothing may lower an oom_score_adj, as runc would have to for pods.
  ///
  /// A machine has it in its way only where the computer itself lacks CAP_SYS_RESOURCE.
  static let runc = #"""
    #!/bin/sh
    # runc ends with "can't get final child's PID from pipe" where it may not lower an oom_score_adj.
    bundle=
    previous=
    for word in "$@"; do
      case $previous in -b | --bundle) bundle=$word ;; esac
      case $word in --bundle=*) bundle=${word#*=} ;; esac
      previous=$word
    done
    if [ -n "$bundle" ] && [ -f "$bundle/config.json" ]; then
      sed -i 's/"oomScoreAdj": *-[0-9]*/"oomScoreAdj":0/' "$bundle/config.json"
    fi
    exec /usr/sbin/runc "$@"

    """#
}
