// One test case: a run of the command and what must come of it. Cases are data, JSON files in Tests/Guests/cases and
// Tests/Guests/command-line; `Tests/Guests/README.md` says what each field means.
import Foundation
import Testing

struct GuestCase: Decodable, Sendable {
    /// The file in which it stands, without extension; set after decoding.
    var file = ""
    var name: String
    /// The fixture that is run; a case without one says the whole command line in `command`.
    var guest: String?
    var options: [String] = []
    var arguments: [String] = []
    var command: [String]?
    /// Whole command lines of which the same comes; each is a case of its own.
    var commands: [[String]]?
    var environment: [String: String?] = [:]
    /// What the command itself finds in its environment.
    var hostEnvironment: [String: String] = [:]
    /// What is laid into the folder that the command runs in, by path; in the JSON also the name of a file that says it.
    var files: [String: FileContents] = [:]
    var directories: [Directory] = []
    var input = Input()
    var output = Expectation(exact: "")
    var errors = Expectation()
    var exit = Exit.code(0)
    /// Paths in the folder afterwards: their text, or null if there must be nothing.
    var afterwards: [String: String?] = [:]
    var timeLimit = 300.0
    /// What it may hold in memory at one time, in megabytes.
    var memoryLimit: Int?
    /// Ctrl-C comes when it has computed, or waited, for so many seconds.
    var interruptAfter: Double?
    /// After so many bytes nobody reads standard output any more.
    var closeOutputAfter: Int?
    /// Why the reference runtime is not asked.
    var notForReference: String?
    /// Calls of a transcript of which something else than of the reference comes, and why.
    var deviations: [Deviation] = []
    /// Why it is known to fail.
    var knownFailure: String?

    struct Directory: Decodable, Sendable {
        var host: String
        var guest: String?
        var readOnly: Bool?
    }

    struct Deviation: Decodable, Sendable {
        var call: String
        var result: String
        var reason: String
    }

    enum Exit: Decodable, Sendable {
        case code(Int32)
        case any([Int32])
        /// 134 of the runtime under test.
        case trap

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let code = try? container.decode(Int32.self) {
                self = .code(code)
            } else if let codes = try? container.decode([String: [Int32]].self), let any = codes["any"] {
                self = .any(any)
            } else {
                guard try container.decode(String.self) == "trap" else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "an exit is a number, {\"any\": [numbers]} or \"trap\"")
                }
                self = .trap
            }
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, guest, options, arguments, command, commands, environment, hostEnvironment, files, directories, exit, afterwards
        case timeLimit, memoryLimit, interruptAfter, closeOutputAfter, notForReference, deviations
        case knownFailure
        case input = "stdin"
        case output = "stdout"
        case errors = "stderr"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // A field that nobody knows is a mistyped one.
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no field is called \(key.stringValue)"))
        }
        name = try container.decode(String.self, forKey: .name)
        guest = try container.decodeIfPresent(String.self, forKey: .guest)
        options = try container.decodeIfPresent([String].self, forKey: .options) ?? options
        arguments = try container.decodeIfPresent([String].self, forKey: .arguments) ?? arguments
        command = try container.decodeIfPresent([String].self, forKey: .command)
        commands = try container.decodeIfPresent([[String]].self, forKey: .commands)
        environment = try container.decodeIfPresent([String: String?].self, forKey: .environment) ?? environment
        hostEnvironment = try container.decodeIfPresent([String: String].self, forKey: .hostEnvironment) ?? hostEnvironment
        if let shared = try? container.decode(String.self, forKey: .files) {
            let data = try Data(contentsOf: Fixtures.sources.appending(path: shared))
            files = try JSONDecoder().decode([String: FileContents].self, from: data)
        } else {
            files = try container.decodeIfPresent([String: FileContents].self, forKey: .files) ?? files
        }
        directories = try container.decodeIfPresent([Directory].self, forKey: .directories) ?? directories
        input = try container.decodeIfPresent(Input.self, forKey: .input) ?? input
        output = try container.decodeIfPresent(Expectation.self, forKey: .output) ?? output
        errors = try container.decodeIfPresent(Expectation.self, forKey: .errors) ?? errors
        exit = try container.decodeIfPresent(Exit.self, forKey: .exit) ?? exit
        afterwards = try container.decodeIfPresent([String: String?].self, forKey: .afterwards) ?? afterwards
        timeLimit = try container.decodeIfPresent(Double.self, forKey: .timeLimit) ?? timeLimit
        memoryLimit = try container.decodeIfPresent(Int.self, forKey: .memoryLimit)
        interruptAfter = try container.decodeIfPresent(Double.self, forKey: .interruptAfter)
        closeOutputAfter = try container.decodeIfPresent(Int.self, forKey: .closeOutputAfter)
        notForReference = try container.decodeIfPresent(String.self, forKey: .notForReference)
        deviations = try container.decodeIfPresent([Deviation].self, forKey: .deviations) ?? deviations
        knownFailure = try container.decodeIfPresent(String.self, forKey: .knownFailure)
    }
}

struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension GuestCase: CustomTestStringConvertible {
    var testDescription: String { "\(file): \(name)" }
}

extension GuestCase {
    /// The cases that it stands for: one for each of its command lines.
    var expanded: [GuestCase] {
        guard let commands else { return [self] }
        return commands.map { command in
            var each = self
            each.name += ": \(command.joined(separator: " "))"
            each.command = command
            each.commands = nil
            return each
        }
    }
}
