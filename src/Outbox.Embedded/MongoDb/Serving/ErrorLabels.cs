using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Serving;

/// The labels by which drivers decide what to retry.
internal static class ErrorLabels
{
    public const string Transient = "TransientTransactionError";
    public const string Retryable = "RetryableWriteError";
    public const string ResumableChangeStream = "ResumableChangeStreamError";

    public static IEnumerable<string> For(int code, CommandContext context, CommandSpec spec)
    {
        var ends = spec.Is(Traits.EndsTransaction);
        if (context.InTransaction && (ErrorKinds.IsTransient(code) || (ErrorKinds.IsRetryable(code) && !ends)))
        {
            yield return Transient;
        }

        if (ErrorKinds.IsRetryable(code) && (ends || (context.Retryable && spec.Is(Traits.Retryable))))
        {
            yield return Retryable;
        }

        if (context.ChangeStream && ErrorKinds.IsResumable(code))
        {
            yield return ResumableChangeStream;
        }
    }
}
