namespace Outbox.Payloads;

/// <summary>How large payloads of a topic are kept apart from their messages (<c>t.ClaimCheck</c>).</summary>
public sealed class ClaimCheckOptions
{
    /// <summary>Payloads of more bytes than this go to the store, and the record has a reference to them. At most <see cref="OutboxOptions.MaxPayloadBytes"/>.</summary>
    /// <value>The default value is 500,000.</value>
    public int AboveBytes { get; set; } = 500_000;

    /// <summary>The largest payload in bytes. On a topic that keeps history an event is kept whole in one document: 15,000,000 at most.</summary>
    /// <value>The default value is 64 MB, or 15,000,000 on a topic that keeps history.</value>
    public int? MaxBytes { get; set; }

    /// <summary>
    /// The store, as <c>o.Payloads(p => p.AddStore("name", …))</c> or <c>p.AddMongoDbStore("name", …)</c> names it. A consumer names the one in which the topic's owner keeps its payloads.
    /// </summary>
    /// <value>The default is this service's own MongoDB database.</value>
    public string Store { get; set; } = "";

    /// <summary>
    /// The endpoints (their Kafka groups) after which nobody needs a payload any more. It is removed <see cref="PayloadOptions.KeepReadClaimsFor"/> after the last of them; an endpoint that is replayed
    /// later, or is new, does not find it.
    /// </summary>
    /// <value>The default is none: a payload is kept for <see cref="PayloadOptions.KeepClaimsFor"/>.</value>
    public IList<string> Readers { get; } = [];
}
