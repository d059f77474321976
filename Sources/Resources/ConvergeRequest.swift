// SPDX-License-Identifier: Apache-2.0

package import Values

/// How a host finds out what only it knows.
package struct Discovery: Sendable, Equatable {
  /// Shell functions, in chunks.
  package var functions: [String]
  /// Statements that set the variables of `values`, or end the program with `stop MESSAGE`.
  package var statements: String
  package var values: Set<LateValue>

  package init(functions: [String] = [], statements: String = "", values: Set<LateValue> = []) {
    self.functions = functions
    self.statements = statements
    self.values = values
  }
}

/// All that a host should hold, for a program that it runs by itself.
package struct ConvergeRequest: Sendable, Equatable {
  package var cluster: String
  package var host: String
  package var desired: [Resource]
  /// How many of them there are up to the end of each stage but the last.
  ///
  /// What a stage makes is listed when the one before it is done: packages bring files that were there then.
  package var stageEnds: [Int]
  package var discovery: Discovery
  /// Seconds after which what was started is looked at again, to see that it stayed up.
  package var settling: Int

  package init(
    cluster: String,
    host: String,
    desired: [Resource],
    stageEnds: [Int] = [],
    discovery: Discovery = Discovery(),
    settling: Int
  ) {
    self.cluster = cluster
    self.host = host
    self.desired = desired
    self.stageEnds = stageEnds
    self.discovery = discovery
    self.settling = settling
  }
}
