// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing

/// Units that end and are started again by systemd, over and over.
struct CrashLoopTests {
  /// Starts a unit that falls `times` times, each with `status`, or with another one each time.
  private func start(
    falling times: Int,
    status: String = "",
    in sandbox: Sandbox,
    seconds: Int = 120,
    waitsByRestarting: Bool = false
  ) async throws -> (event: StepEvent?, looks: Int) {
    let desired: [Resource] = [
      .file(Samples.unitFile()),
      .unit(
        Unit(
          name: "demo.service",
          startTimeout: seconds,
          waitsByRestarting: waitsByRestarting,
          reason: "runs"
        )
      ),
    ]
    try sandbox.write("\(times) \(status)\n", to: "/stub/falling/demo.service")
    // Seconds that nobody has to wait for, counted.
    try sandbox.write("#!/bin/sh\necho look >>/stub/looks\n", to: "/stub/sleep", mode: 0o755)
    let program = try sandbox.program(for: desired, await sandbox.changes(for: desired))
    let result = try await sandbox.run(program)
    let event = result.output.split(separator: "\n").compactMap {
      Program.parse(resultLine: String($0))
    }.last
    let looks = (sandbox.text(of: "/stub/looks") ?? "").count { $0 == "\n" }
    return (event, looks)
  }

  @Test(
    "one that falls again and again is told with its end and its log",
    arguments: Userland.allCases
  )
  func hopeless(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let (event, looks) = try await start(falling: 1000, status: "203", in: sandbox)
    #expect(event?.phase == .fail)
    let told = try #require(event?.message)
    #expect(told.hasPrefix("demo.service failed ") && told.contains(" times after start: "))
    #expect(told.hasSuffix(": Result=exit-code ExecMainStatus=203"))
    #expect(event?.log.contains("log of demo.service") == true)
    // Five looks a second; busybox takes its own sleep.
    #expect(userland == .busybox || (50...60).contains(looks), "\(looks)")
  }

  @Test("one that falls twice and then stays is up", arguments: Userland.allCases)
  func second(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let (event, _) = try await start(falling: 2, status: "1", in: sandbox)
    #expect(event?.phase == .ok, "\(event?.message ?? "")")
  }

  @Test("another end each time is no loop", arguments: Userland.wrappable)
  func changing(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let (event, _) = try await start(falling: 70, in: sandbox, seconds: 30)
    #expect(event?.phase == .ok, "\(event?.message ?? "")")
  }

  @Test("who waits by restarting may fall as often as it likes", arguments: Userland.wrappable)
  func patient(_ userland: Userland) async throws {
    let sandbox = try await Sandbox(userland)
    let (event, _) = try await start(
      falling: 1000,
      status: "1",
      in: sandbox,
      seconds: 30,
      waitsByRestarting: true
    )
    #expect(event?.message == "demo.service is not active 30 s after start")
  }
}
