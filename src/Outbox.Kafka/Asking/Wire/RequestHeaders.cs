namespace Outbox.Kafka.Asking.Wire;

/// <summary>The headers of requests and answers that outbox messages do not have.</summary>
internal static class RequestHeaders
{
    /// <summary>Which answer belongs to which request.</summary>
    public const string RequestId = "requestId";

    /// <summary>When the asker stops waiting, by its clock; ISO 8601.</summary>
    public const string Deadline = "deadline";

    /// <summary>The topic that the answer goes to.</summary>
    public const string ReplyTo = "replyTo";

    /// <summary>Its partition: the one that the asker reads.</summary>
    public const string ReplyPartition = "replyPartition";

    /// <summary>The asker's life that waits. Several may read the same partition.</summary>
    public const string ReplyInstance = "replyInstance";

    /// <summary>The value of <c>intent</c> in a request.</summary>
    public const string Query = "query";

    /// <summary>The type of an answer that says what went wrong.</summary>
    public const string Fault = "fault";

    public const string Json = "application/json";
}
