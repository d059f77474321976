// SPDX-License-Identifier: Apache-2.0

import Values

/// The recipe of a root file system: what machines of one userland share, never written to again once made.
struct RootFileSystem: Sendable, Equatable {
  let userland: Userland

  /// Counts up whenever the recipe below changes, so that file systems made by an older one are not used.
  private static let recipeVersion = 1

  /// What makes a Debian minimal base a machine: an init, a way in, and what our own programs call.
  private static let basePackages = [
    "ca-certificates", "curl", "dbus", "iproute2", "iputils-ping", "kmod", "openssh-server",
    "procps", "systemd", "systemd-sysv",
  ]

  /// Everything to install, sorted, each once.
  var packages: [String] { Set(Self.basePackages + userland.packages).sorted() }

  /// Names what it is made from: `bookworm-amd64-0123456789ab`.
  var key: String {
    let recipe = [
      "\(Self.recipeVersion)", userland.distribution.rawValue, userland.release,
      userland.architecture.rawValue, packages.joined(separator: " "), Self.finish,
    ]
    let digest = Digest(of: recipe.joined(separator: "\n")).short
    return "\(userland.release)-\(userland.debianArchitecture)-\(digest)"
  }

  /// The command that makes it in `target`.
  ///
  /// Its own mount and process namespaces go when it is ended, and what debootstrap mounts in the
  /// target with them.
  func command(target: String, archive: AptSources.Entry) -> Program {
    var words = [
      "unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child",
      "--mount-proc", "--", "debootstrap", "--variant=minbase", "--components=main",
      "--arch=\(userland.debianArchitecture)", "--include=\(packages.joined(separator: ","))",
    ]
    if let keyring = archive.keyring { words.append("--keyring=\(keyring)") }
    return Program(words + [userland.release, target, archive.uri])
  }

  /// What is put into the target beforehand: dpkg leaves documentation out, and does not wait for the disk
  /// after every file, for an interrupted build is thrown away whole.
  static let dpkgOptions = """
    force-unsafe-io
    path-exclude=/usr/share/doc/*
    path-include=/usr/share/doc/*/copyright
    path-exclude=/usr/share/info/*
    path-exclude=/usr/share/lintian/*
    path-exclude=/usr/share/locale/*
    path-exclude=/usr/share/man/*

    """

  /// A POSIX sh program that makes the fresh system in the working directory a machine of a lab.
  ///
  /// Nothing that must differ between machines is left in it: no host keys, no machine-id.
  static let finish = #"""
    set -eu
    rm -rf usr/share/info/* usr/share/lintian usr/share/locale/* usr/share/man/* \
      var/cache/apt/* var/cache/debconf/*-old var/lib/apt/lists/* var/log/*.log var/log/apt/*
    find usr/share/doc -type f ! -name copyright -delete
    find usr/share/doc -type l -delete
    find usr/share/doc -type d -empty -delete
    rm -f etc/ssh/ssh_host_* etc/hostname etc/resolv.conf etc/dpkg/dpkg.cfg.d/lab-build
    : > etc/machine-id
    # The kubelet hands this file to pods and stops where there is none.
    : > etc/resolv.conf
    # pam_env complains at every login without it.
    : > etc/default/locale
    mkdir -p usr/lib/modules

    cat > etc/ssh/sshd_config.d/lab.conf <<'END'
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    PermitRootLogin prohibit-password
    END

    # systemd-nspawn makes these read-only, and a machine of one's own has them writable: the kubelet
    # sets vm.overcommit_memory, and makes groups in every version 1 hierarchy.
    cat > usr/local/sbin/lab-kernel <<'END'
    #!/bin/sh
    mount -o remount,rw /proc/sys
    while read -r _ where type _; do
      [ "$type" != cgroup ] || mount -o remount,bind,rw "$where"
    done </proc/self/mounts
    END
    chmod 0755 usr/local/sbin/lab-kernel
    cat > etc/systemd/system/lab-kernel.service <<'END'
    [Unit]
    Description=Kernel settings and control groups as writable as on a machine of one's own
    DefaultDependencies=no
    Before=sysinit.target systemd-sysctl.service
    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=/usr/local/sbin/lab-kernel
    [Install]
    WantedBy=sysinit.target
    END
    mkdir -p etc/systemd/system/sysinit.target.wants
    ln -sf ../lab-kernel.service etc/systemd/system/sysinit.target.wants/lab-kernel.service
    # What has no business in a machine without a console, a network or a disk of its own.
    for unit in apt-daily.timer apt-daily-upgrade.timer console-getty.service dpkg-db-backup.timer \
      e2scrub_all.timer e2scrub_reap.service getty.target systemd-timesyncd.service; do
      ln -sf /dev/null "etc/systemd/system/$unit"
    done

    """#
}
