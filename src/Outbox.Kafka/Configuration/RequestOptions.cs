using System.ComponentModel.DataAnnotations;

namespace Outbox.Kafka;

/// <summary>How this service asks others over Kafka; configuration section <c>Outbox:Requests</c>.</summary>
public sealed class RequestOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":Requests";

    /// <summary>
    /// The topic that answers come on: one for the service, whose instances read a partition of it each, by chance. It has to end with <c>.replies</c>, and messages on it are worth keeping for minutes only.
    /// </summary>
    /// <value>The default is <c>Outbox:Source</c> with <c>.replies</c> at its end.</value>
    [RegularExpression(@"[a-zA-Z0-9._-]+\.replies", ErrorMessage = "Outbox:Requests:ReplyTopic must end with '.replies', and may have letters, digits, '.', '_' and '-' only.")]
    public string? ReplyTopic { get; set; }

    /// <summary>How long an asker waits for an answer, unless the client or the call says otherwise.</summary>
    /// <value>The default value is 10 seconds.</value>
    [Between("00:00:00.010", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many requests of one type may wait for their answers in this process, unless the client says otherwise; the next one fails at once.</summary>
    /// <value>The default value is 1,000.</value>
    [Between(1, 100_000)]
    public int MaxPending { get; set; } = 1_000;
}
