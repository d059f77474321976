// SPDX-License-Identifier: Apache-2.0

/// What a lab is doing, for a progress display.
package enum LabEvent: Sendable {
  /// A step began: on a host, or on this computer.
  case began(host: String?, String)
  /// A line about the step under way; the next one replaces it.
  case detail(String)
  /// A step ended well.
  case finished(host: String?, String, Duration)
}

/// Takes a lab's events as they happen.
package typealias LabProgress = @Sendable (LabEvent) async -> Void

/// Tells `progress` of a step's beginning and end.
func step<Result>(
  _ what: String,
  host: String? = nil,
  _ progress: LabProgress,
  body: () async throws -> Result
) async throws -> Result {
  let clock = ContinuousClock()
  let start = clock.now
  await progress(.began(host: host, what))
  let result = try await body()
  await progress(.finished(host: host, what, clock.now - start))
  return result
}
