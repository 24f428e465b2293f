namespace Outbox.Kafka.Inbox.DeadLettering;

/// <summary>What the dead letter topic says of a message, beside its own headers.</summary>
internal static class DeadLetterHeaders
{
    public const string Reason = "deadLetter.reason";
    public const string Error = "deadLetter.error";
    public const string ExceptionType = "deadLetter.exceptionType";
    public const string Endpoint = "deadLetter.endpoint";
    public const string Topic = "deadLetter.topic";
    public const string Partition = "deadLetter.partition";
    public const string Offset = "deadLetter.offset";
    public const string Attempts = "deadLetter.attempts";
    public const string FailedAt = "deadLetter.failedAt";
}
