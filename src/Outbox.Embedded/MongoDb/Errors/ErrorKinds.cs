namespace Outbox.Embedded.MongoDb.Errors;

/// What several errors have in common, as clients and write commands see them.
internal static class ErrorKinds
{
    private static readonly HashSet<int> Retryable = [6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];
    private static readonly HashSet<int> Transient = [24, 112, 239, 246, 251, 267];
    private static readonly HashSet<int> Resumable = [6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436];

    public static bool IsRetryable(int code) => Retryable.Contains(code);

    /// The transaction met another one, or is gone: it may succeed when it is tried again.
    public static bool IsTransient(int code) => Transient.Contains(code);

    public static bool IsResumable(int code) => Resumable.Contains(code);

    /// Somebody or something ended the whole command, not one of its statements.
    public static bool IsInterruption(int code) => code is 24 or 50 or 237 or 262 or 11600 or 11601 or 11602;

    /// Such an answer bears the topology's version, by which a driver knows whether it has heard of the change. One of a server that shuts down
    /// (91, 11600) does not: the driver is to believe it.
    public static bool IsNotPrimary(int code) => code is 189 or 10107 or 11602 or 13435 or 13436;
}
