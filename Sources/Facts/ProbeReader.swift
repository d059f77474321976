// SPDX-License-Identifier: Apache-2.0

import Values

/// Puts the lines of a probe together: a key, a blank, a value.
struct ProbeReader {
  private let asked: Int
  private let answered: Int
  private var found = HostFacts(
    hostname: "",
    osID: "",
    osVersion: "",
    kernel: "",
    initSystem: "",
    systemdVersion: 0,
    packageManager: nil,
    mayLowerOOMScore: false,
    hasDefaultRoute: false,
    memoryMiB: 0,
    cpus: 1,
    freeMiB: 0,
    kernelIs64Bit: false,
    rootFileSystem: ""
  )
  private var architecture: Architecture?
  private var elf = ""
  private var runsSystemd = false
  private var dockerDriver: String?
  private var filters = FilterReader()
  private(set) var instance = InstanceReader()

  private static let dockerConfiguration = "/etc/docker/daemon.json"

  /// More of a kind than a sane host has is not read.
  private static let listLimit = 4096

  init(asked: Int, answered: Int) {
    self.asked = asked
    // An operator's clock that is set back meanwhile.
    self.answered = max(asked, answered)
  }

  /// Seconds by which a clock that reads `time` is ahead (positive) or behind for certain.
  private func skew(of time: Int) -> Int {
    min(0, time &- asked) &+ max(0, time &- answered)
  }

  /// What is printed of a host goes to a terminal.
  static func printable(_ text: String, limit: Int = 200) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix(limit).filter { $0.value >= 0x20 && !(0x7f..<0xa0 ~= $0.value) }
      )
    )
  }

  mutating func read(_ line: String) {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard let key = parts.first else { return }
    let value = parts.count > 1 ? Self.printable(String(parts[1])) : ""
    switch key {
    case "time": found.clockSkewSeconds = Int(value).map(skew) ?? 0
    case "uid": found.loginUID = Int(value) ?? 0
    case "hostname": found.hostname = value
    case "kernel": found.kernel = value
    case "machine-id": found.machineID = value
    case "init": found.initSystem = value
    case "os": readOS(value)
    case "elf": readELF(value)
    case "cgroup": found.cgroup = CgroupLayout(rawValue: value) ?? .v1
    case "may-lower-oom-score": found.mayLowerOOMScore = value == "yes"
    case "memory-kib": found.memoryMiB = (Int(value) ?? 0) / 1024
    case "cpus": found.cpus = max(1, Int(value) ?? 1)
    case "virtualization": found.virtualization = ["vmx", "svm"].first { $0 == value }
    case "free-kib": found.freeMiB = (Int(value) ?? 0) / 1024
    case "containerd": found.containerdVersion = Self.version(in: value)
    case "systemd":
      runsSystemd = true
      found.systemdVersion = value.split(separator: " ").lazy.compactMap { Int($0) }.first ?? 0
    case "machine": found.kernelIs64Bit = value.contains("64") || value == "s390x"
    case "root-fs": found.rootFileSystem = value
    case "firewalld", "rule", "chain": filters.read(String(key), value)
    case "chain-rule":
      // Its verdict comes last.
      filters.read(
        String(key),
        parts.count > 1 ? Self.printable(String(parts[1]), limit: 4096) : ""
      )
    case "docker-driver": dockerDriver = value.isEmpty ? nil : value
    case "flash-fs", "flash-free-kib", "flash-mode": readFlash(String(key), value)
    case let key where key.hasPrefix("instance-"):
      // A tag's hexadecimal digits are longer than what is printed.
      instance.read(key, parts.count > 1 ? String(parts[1].prefix(4096)) : "")
    default: readItem(String(key), value)
    }
  }

  private mutating func readFlash(_ key: String, _ value: String) {
    var flash = found.flash ?? FlashFacts(fileSystem: found.rootFileSystem, freeMiB: 0)
    switch key {
    case "flash-fs": flash.fileSystem = value
    case "flash-free-kib": flash.freeMiB = (Int(value) ?? 0) / 1024
    default:
      let words = value.split(separator: " ")
      // The last digit is what others may; 1 is to enter.
      guard words.count == 2, let mode = Int(words[0], radix: 8), let group = Int(words[1]) else {
        return
      }
      flash.group = mode & 1 == 0 ? group : nil
    }
    found.flash = flash
  }

  /// Keys that come more than once.
  private mutating func readItem(_ key: String, _ value: String) {
    let words = value.split(separator: " ").map(String.init)
    switch key {
    case "lacks": Self.append(value, to: &found.lacksForProxy)
    case "swap": Self.append(value, to: &found.swaps)
    case "path": Self.append(value, to: &found.paths)
    case "foreign": Self.append(value, to: &found.foreign)
    case "tool":
      guard words.count == 2, Probe.tools.contains(words[0]) else { return }
      found.tools[words[0]] = words[1]
    case "address":
      let text = value.split(separator: "/").first.map(String.init) ?? ""
      guard let address = IPv4Address(text), address.raw >> 24 != 127 else { return }
      Self.append(address, to: &found.addresses)
    case "default-route": found.hasDefaultRoute = true
    case "listen": readPort(words)
    case "service":
      guard words.count == 2, words[0] == "active" else { return }
      if Probe.filterServices.contains(words[1]) {
        filters.hasService = true
      } else if found.timeService == nil {
        found.timeService = words[1]
      }
    case "time-service":
      guard found.idleTimeService == nil, Probe.timeServices.contains(value) else { return }
      found.idleTimeService = value
    case "no-file-types":
      guard Probe.storageFolders.contains(value) else { return }
      found.withoutFileTypes = (found.withoutFileTypes ?? []) + [value]
    default: return
    }
  }

  private static func append<Item: Equatable>(_ item: Item, to list: inout [Item]) {
    if list.count < listLimit, !list.contains(item) { list.append(item) }
  }

  private mutating func readOS(_ value: String) {
    let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return }
    let text = parts[1].filter { $0 != "\"" && $0 != "'" }
    if parts[0] == "ID" { found.osID = text } else { found.osVersion = text }
  }

  /// Class and machine of the ELF header (elf(5)) of the host's sh.
  private mutating func readELF(_ value: String) {
    elf = value
    let digits = Array(value.utf8)
    guard digits.count == 40, value.hasPrefix("7f454c46") else { return }
    func byte(_ index: Int) -> Int {
      Int(String(decoding: digits[(index * 2)..<(index * 2 + 2)], as: UTF8.self), radix: 16) ?? 0
    }
    switch (byte(4), byte(18) | byte(19) << 8) {
    case (2, 62): architecture = .amd64
    case (1, 3): architecture = .x86
    case (2, 183): architecture = .arm64
    case (1, 40): architecture = .arm
    default: architecture = nil
    }
  }

  /// `8080 users:(("sshd",pid=1,fd=3))` by ss, `0x1F90` by the kernel.
  private mutating func readPort(_ words: [String]) {
    guard let text = words.first else { return }
    let port = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
    guard let port, (1...65535).contains(port), found.listening.count < Self.listLimit else {
      return
    }
    let names = words.dropFirst().joined(separator: " ").split(
      separator: "\"",
      omittingEmptySubsequences: false
    )
    let program = names.count > 2 ? String(names[1]) : ""
    guard !found.listening.contains(where: { $0.port == port }) else { return }
    found.listening.append(ListeningPort(port: port, program: program))
  }

  /// `containerd github.com/containerd/containerd 1.6.20~ds1 …`, `v1.7.2`.
  private static func version(in text: String) -> String? {
    for word in text.split(separator: " ") {
      let bare = word.hasPrefix("v") ? word.dropFirst() : word
      let number = bare.prefix { $0.isNumber || $0 == "." }
      if number.split(separator: ".").count == 3 { return String(number) }
    }
    return nil
  }

  /// The facts.
  ///
  /// - Throws: `Failure` (`preflight`) when the userland's architecture is none we know.
  func facts(manifest: some Collection<String>) throws -> HostFacts {
    let header = manifest.first ?? ""
    guard let architecture else {
      throw Failure(
        .preflight,
        "its programs are for an architecture that is not supported",
        why: "the ELF header of its sh begins with \(elf)",
        remedy: "supported are " + Architecture.allCases.map(\.rawValue).joined(separator: ", ")
      )
    }
    var facts = found
    facts.architecture = architecture
    if runsSystemd { facts.initSystem = "systemd" }
    facts.packageManager =
      facts.tools["apt-get"] != nil
      ? .apt : facts.tools["dnf"] != nil ? .dnf : facts.tools["yum"] != nil ? .yum : nil
    facts.addresses.sort()
    facts.listening.sort { ($0.port, $0.program) < ($1.port, $1.program) }
    let words = header.split(separator: " ")
    if words.count == 3, words[0] == "kubewright-manifest" {
      facts.manifestCluster = Self.printable(String(words[2]))
      // Much of what others leave is what we make too.
      facts.foreign = []
    }
    // Ours is listed by the manifest, and follows what we want.
    let isOurs =
      manifest.contains { $0.hasPrefix("file:\(Self.dockerConfiguration)") }
      || manifest.contains { $0.hasPrefix("link:\(Self.dockerConfiguration)") }
    facts.foreignDockerDriver = isOurs ? nil : dockerDriver
    facts.instance = instance.identity
    facts.filtersInput = filters.filtersInput
    facts.firewalld = filters.firewalld
    facts.filterChains = filters.chains.isEmpty ? nil : filters.chains
    return facts
  }
}
