namespace Outbox.Embedded.MongoDb.Errors;

/// The names of the error codes that a fail point is likely to be asked for.
internal static class CodeNames
{
    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "InternalError",
        [6] = "HostUnreachable",
        [7] = "HostNotFound",
        [11] = "UserNotFound",
        [13] = "Unauthorized",
        [24] = "LockTimeout",
        [43] = "CursorNotFound",
        [50] = "MaxTimeMSExpired",
        [64] = "WriteConcernFailed",
        [79] = "UnknownReplWriteConcern",
        [89] = "NetworkTimeout",
        [91] = "ShutdownInProgress",
        [100] = "UnsatisfiableWriteConcern",
        [112] = "WriteConflict",
        [189] = "PrimarySteppedDown",
        [234] = "RetryChangeStream",
        [246] = "SnapshotUnavailable",
        [251] = "NoSuchTransaction",
        [262] = "ExceededTimeLimit",
        [280] = "ChangeStreamFatalError",
        [286] = "ChangeStreamHistoryLost",
        [9001] = "SocketException",
        [10107] = "NotWritablePrimary",
        [11000] = "DuplicateKey",
        [11600] = "InterruptedAtShutdown",
        [11601] = "Interrupted",
        [11602] = "InterruptedDueToReplStateChange",
        [13435] = "NotPrimaryNoSecondaryOk",
        [13436] = "NotPrimaryOrSecondary",
    };

    public static string Of(int code) => Names.GetValueOrDefault(code) ?? $"Location{code}";
}
