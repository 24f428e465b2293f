using Outbox.Embedded.MongoDb.Commands;

namespace Outbox.Embedded.MongoDb.Serving;

/// The labels by which drivers decide what to retry.
internal static class ErrorLabels
{
    public const string Transient = "TransientTransactionError";
    public const string Retryable = "RetryableWriteError";
    public const string ResumableChangeStream = "ResumableChangeStreamError";

    private static readonly HashSet<int> RetryableCodes = [6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];
    private static readonly HashSet<int> TransientCodes = [24, 112, 239, 246, 251, 267];
    private static readonly HashSet<int> ResumableCodes = [6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436];

    public static IEnumerable<string> For(int code, CommandContext context, CommandSpec spec)
    {
        var ends = spec.Is(Traits.EndsTransaction);
        if (context.InTransaction && (TransientCodes.Contains(code) ? spec.Name != "commitTransaction" || code == 251 : RetryableCodes.Contains(code) && !ends))
        {
            yield return Transient;
        }

        if (RetryableCodes.Contains(code) && (ends || (context.Retryable && spec.Is(Traits.Retryable))))
        {
            yield return Retryable;
        }

        if (context.ChangeStream && ResumableCodes.Contains(code))
        {
            yield return ResumableChangeStream;
        }
    }

    public static bool IsStateChange(int code) => code is 91 or 189 or 10107 or 11600 or 11602 or 13435 or 13436;
}
