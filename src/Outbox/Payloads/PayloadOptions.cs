using System.ComponentModel.DataAnnotations;

namespace Outbox.Payloads;

/// <summary>Settings of what payloads go through on their way; configuration section <c>Outbox:Payloads</c>.</summary>
public sealed class PayloadOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":Payloads";

    /// <summary>How hard zstd tries, from 1 (fast) to 19 (small).</summary>
    /// <value>The default value is 3, zstd's own.</value>
    [Between(1, 19)]
    public int CompressionLevel { get; set; } = 3;

    /// <summary>The smallest payload, in bytes, that is compressed. What does not become smaller is published as it is.</summary>
    /// <value>The default value is 512.</value>
    [Between(0, int.MaxValue)]
    public int CompressAbove { get; set; } = 512;

    /// <summary>
    /// The largest payload, in bytes, that a compressed or claimed message may become where it is consumed; one beyond it is parked. A few bytes of zstd can become gigabytes, so this is what an endpoint is safe with: it may hold as many as it processes messages at once.
    /// </summary>
    /// <value>The default value is 64 MB.</value>
    [Between(1_024, 1_073_741_824)]
    public int MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long a claimed payload is kept in MongoDB, counted from when its message was published (one that waits or is parked in the outbox keeps its payload). Longer than the topic's retention and than
    /// anything is parked at a consumer: whoever reads the message later finds no payload.
    /// </summary>
    /// <value>The default value is 30 days.</value>
    [Between("01:00:00", "3650.00:00:00")]
    public TimeSpan KeepClaimsFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a claimed payload is kept when the last of its readers has processed it, for what is delivered twice: an endpoint that was killed reads the message again, though it has processed it.
    /// </summary>
    /// <value>The default value is 1 day.</value>
    [Between("00:01:00", "3650.00:00:00")]
    public TimeSpan KeepReadClaimsFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long an endpoint waits for a key that its <see cref="IPayloadKeys"/> does not know, before it parks messages that are encrypted with it: a new key may reach consumers late, and one that was
    /// destroyed never comes.
    /// </summary>
    /// <value>The default value is 10 minutes.</value>
    [Between("00:00:00", "1.00:00:00")]
    public TimeSpan KeyPatience { get; set; } = TimeSpan.FromMinutes(10);
}
