using System.ComponentModel.DataAnnotations;

namespace Outbox;

/// <summary>Settings of the outbox and the inbox; configuration section <c>Outbox</c>.</summary>
public sealed class OutboxOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Outbox";

    /// <summary>This service's name, or a URI of it, in formats that name the origin of a message: CloudEvents' <c>source</c>, MassTransit's source address.</summary>
    /// <value>The default is the name of the application.</value>
    [Required]
    [RegularExpression(@"[!-~]+", ErrorMessage = "Outbox:Source must be a URI or a part of one, without spaces: order-service, or https://shop.example/orders.")]
    public string Source { get; set; } = Uri.EscapeDataString(AppDomain.CurrentDomain.FriendlyName);

    /// <summary>How long an idle relay waits before it looks again. After a commit in the same process it is woken at once. At most
    /// <see cref="LeaseDuration"/>.</summary>
    /// <value>The default value is 1 second.</value>
    [Between("00:00:00.010", "00:10:00")]
    public TimeSpan QueryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most messages that a relay reads, publishes and deletes at once.</summary>
    /// <value>The default value is 1,000.</value>
    [Between(1, 100_000)]
    public int QueryMessageLimit { get; set; } = 1_000;

    /// <summary>Whether the relay watches for messages that other processes commit, so that they need not wait for the next poll. Costs a change stream.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool WatchChanges { get; set; } = true;

    /// <summary>
    /// How many bytes of payload a page may hold for the next page to be read ahead of time. A page is never more than the 16 MB of one database reply;
    /// pages above this limit are read one at a time, so that memory stays flat however large messages are.
    /// </summary>
    /// <value>The default value is 4 MB.</value>
    [Between(0, int.MaxValue)]
    public int QueryByteLimit { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether this process relays. Without a relay here, another process must run one.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool RelayEnabled { get; set; } = true;

    /// <summary>
    /// How long a relay owns its lanes without renewing: a killed relay's messages wait this long at most.
    /// A broker that takes longer than 40 % of it to acknowledge a batch makes the relay start the batch again.
    /// </summary>
    /// <value>The default value is 10 seconds.</value>
    [Between("00:00:01", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many shares the outbox is split into, and so how many relays can work at once. Fixed when the outbox is first used.</summary>
    /// <value>The default value is 8.</value>
    [Between(1, 1_024)]
    public int Lanes { get; set; } = 8;

    /// <summary>The first wait after a failed attempt to publish; it doubles with each further one.</summary>
    /// <value>The default value is 200 milliseconds.</value>
    [Between("00:00:00.001", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between two attempts to publish.</summary>
    /// <value>The default value is 30 seconds.</value>
    [Between("00:00:00.001", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the broker may answer a message with an error that could pass before the message is parked. Errors that cannot pass park it at once;
    /// a broker that does not answer, or a topic that takes nothing, counts for nothing, so an outage or a missing right parks no message.
    /// </summary>
    /// <value>The default value is 100: about 45 minutes with the default waits.</value>
    [Between(1, 1_000_000)]
    public int MaxAttempts { get; set; } = 100;

    /// <summary>How old a message may be, from its capture, when a failed attempt parks it.</summary>
    /// <value>The default is no limit.</value>
    [Between("00:00:01", "3650.00:00:00")]
    public TimeSpan? MaxAge { get; set; }

    /// <summary>
    /// How old a message may become that only a newer instance knows how to publish (its type, format, intent or schema version), as during a deployment, before it is
    /// parked. Until then it waits for such an instance to take its lane over.
    /// </summary>
    /// <value>The default value is 1 hour.</value>
    [Between("00:00:01", "365.00:00:00")]
    public TimeSpan UnknownMessageAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Which time the records on Kafka bear. A broker keeps records by it (<c>retention.ms</c>), and refuses one that is too far from its own clock
    /// (<c>message.timestamp.before.max.ms</c> and <c>message.timestamp.after.max.ms</c>). The time of capture is in the message either way.
    /// </summary>
    /// <value>The default value is <see cref="RecordTime.Published"/>.</value>
    public RecordTime RecordTime { get; set; } = RecordTime.Published;

    /// <summary>How long published messages are kept in <c>outbox.sent</c>, to look at or to replay.</summary>
    /// <value>The default is <see langword="null"/>: they are deleted.</value>
    [Between("00:01:00", "3650.00:00:00")]
    public TimeSpan? KeepSentFor { get; set; }

    /// <summary>How long <c>outbox.audit</c> keeps what was done by people, and by code in their place.</summary>
    /// <value>The default value is 365 days.</value>
    [Between("00:01:00", "3650.00:00:00")]
    public TimeSpan KeepAuditFor { get; set; } = TimeSpan.FromDays(365);
    /// <summary>How long discarded messages are kept, to be restored, and bulk operations that ended, to be looked at.</summary>
    /// <value>The default value is 30 days.</value>
    [Between("00:01:00", "3650.00:00:00")]
    public TimeSpan KeepDiscardedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether a person may change the payload of a parked message before it is tried again.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllowEdit { get; set; }

    /// <summary>
    /// What people may not see of messages: names of fields (<c>email</c>, at any depth), paths from the payload's root (<c>customer.email</c>, through arrays too), and names of headers. Upper and lower case are
    /// one. It masks what is shown, and changes nothing that is stored or published. An <see cref="Outbox.Operations.Redacting.IPayloadRedactor"/> of your own replaces it.
    /// </summary>
    /// <value>The default is an empty list: all is shown to those who may see payloads.</value>
    public IList<string> Redact { get; } = [];

    /// <summary>Whether this process works on bulk operations (<c>IBulkOperations</c>).</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool RunBulkOperations { get; set; } = true;

    /// <summary>The largest payload, in bytes of UTF-8, that a transaction may capture. Keep it below the topics' <c>max.message.bytes</c>.</summary>
    /// <value>The default value is 900,000: Kafka's default limit of 1 MB less room for the envelope and headers.</value>
    [Between(1, 15_000_000)]
    public int MaxPayloadBytes { get; set; } = 900_000;

    /// <summary>How long the inbox remembers a message. A duplicate that comes later is processed again. At least a minute, which is how often MongoDB
    /// looks for what has expired.</summary>
    /// <value>The default value is 7 days.</value>
    [Between("00:01:00", "3650.00:00:00")]
    public TimeSpan DuplicateDetectionWindow { get; set; } = TimeSpan.FromDays(7);
}
