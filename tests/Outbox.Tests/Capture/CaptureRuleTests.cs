using Outbox.Capture;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Tests.Capture;

/// <summary>What could not be published as it is, is refused where it is captured.</summary>
public sealed class CaptureRuleTests
{
    private sealed record Moved(int By);

    private sealed record Seen(int Times);

    private static readonly DateTimeOffset Later = DateTimeOffset.UtcNow.AddHours(1);

    [Theory]
    [InlineData("entityId")]
    [InlineData("EntityId")]
    [InlineData("replyTo")]
    [InlineData("messageid")]
    [InlineData("CORRELATIONID")]
    [InlineData("causationId")]
    [InlineData("conversationId")]
    [InlineData("InitiatorId")]
    [InlineData("SourceAddress")]
    [InlineData("DestinationAddress")]
    [InlineData("requestId")]
    [InlineData("responseAddress")]
    [InlineData("faultAddress")]
    [InlineData("SentTime")]
    [InlineData("source")]
    [InlineData("Content-Type")]
    [InlineData("traceparent")]
    [InlineData("TraceState")]
    [InlineData("baggage")]
    [InlineData("ce_id")]
    [InlineData("CE_subject")]
    [InlineData("MT-Activity-Id")]
    [InlineData("mt-anything")]
    [InlineData("deadLetter.reason")]
    [InlineData("schemaVersion")]
    [InlineData("intent")]
    public void A_header_that_a_reader_takes_for_the_frameworks_is_refused_with_the_list(string name)
    {
        var error = Captures.Transaction(Captures.Registration<Moved>()).Refused(tx => tx.PublishTombstone<Moved>("e1", options: With(name, "customer-9")));

        Assert.Contains($"'{name}'", error, StringComparison.Ordinal);
        Assert.Contains("causationId, ", error, StringComparison.Ordinal);
        Assert.Contains("MT-…", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tenant", null, "is null")]
    [InlineData("tenant", "HALF", "surrogate")]
    [InlineData("tenHALFant", "x", "surrogate")]
    [InlineData("", "x", "no name")]
    [InlineData("$set", "x", "MongoDB cannot store")]
    [InlineData("a\0b", "x", "MongoDB cannot store")]
    public void A_header_that_could_not_be_kept_is_refused(string name, string? value, string reason) =>
        Assert.Contains(reason, Captures.Transaction(Captures.Registration<Moved>()).Refused(tx => tx.Publish(new Moved(1), "e1", options: With(Cut(name)!, Cut(value)!))), StringComparison.Ordinal);

    [Fact]
    public void Headers_have_a_limit() =>
        Assert.Contains("headers", Captures.Transaction(Captures.Registration<Moved>()).Refused(tx => tx.Publish(new Moved(1), "e1", options: With("tenant", new string('x', 1_000_000)))), StringComparison.Ordinal);

    [Fact]
    public void Other_headers_are_kept()
    {
        var tx = Captures.Transaction(Captures.Registration<Moved>());

        tx.Publish(new Moved(1), "e1", options: new() { Headers = new Dictionary<string, string> { ["tenant"] = "größer 😀", ["a.b"] = "", ["typed"] = "x" } });

        Assert.Equal("größer 😀", tx.Captured.Headers["tenant"]);
        Assert.Equal("", tx.Captured.Headers["a.b"]);
    }

    public static TheoryData<string> Ids => ["", " \t", "cut \uD83D", "\uDE00", new string('x', 1_025)];

    [Theory]
    [MemberData(nameof(Ids), DisableDiscoveryEnumeration = true)]
    public void An_id_that_says_nothing_or_cannot_be_kept_is_refused(string id)
    {
        var tx = Captures.Transaction(Captures.Registration<Moved>());

        Assert.NotEmpty(tx.Refused(x => x.Publish(new Moved(1), id)));
        Assert.Contains("MessageId", tx.Refused(x => x.Publish(new Moved(1), "e1", options: new() { MessageId = id })), StringComparison.Ordinal);
        Assert.Contains("CorrelationId", tx.Refused(x => x.Publish(new Moved(1), "e1", options: new() { CorrelationId = id })), StringComparison.Ordinal);
        Assert.Contains("CausationId", tx.Refused(x => x.Publish(new Moved(1), "e1", options: new() { CausationId = id })), StringComparison.Ordinal);
        Assert.Contains("PartitionKey", tx.Refused(x => x.Publish(new Moved(1), "e1", options: new() { PartitionKey = id })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_none_can_follow_is_refused() =>
        Assert.Contains("after which no other", Captures.Transaction(Captures.Registration<Moved>()).Refused(tx => tx.Publish(new Moved(1), "e1", long.MaxValue)), StringComparison.Ordinal);

    [Fact]
    public void A_message_id_is_used_once()
    {
        var tx = Captures.Transaction(Captures.Registration<Moved>());
        tx.Publish(new Moved(1), "e1", options: new() { MessageId = "m" });

        var error = Assert.Throws<OutboxException>(() => tx.Publish(new Moved(1), "e2", options: new() { MessageId = "m" }));

        Assert.Contains("has a message m already", error.Message, StringComparison.Ordinal);
        Assert.Equal("e1", tx.Captured.EntityId);
    }

    [Fact]
    public void What_expires_before_it_may_be_published_is_refused() =>
        Assert.Contains("never be", Captures.Transaction(Captures.Registration<Moved>()).Refused(
            tx => tx.Publish(new Moved(1), "e1", options: new() { NotBefore = Later, ExpiresAt = Later })), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void On_a_topic_in_sequence_no_message_is_delayed_or_expires(bool delayed)
    {
        var tx = Captures.Transaction(Captures.Registration<Moved>(ordering: MessageOrdering.Sequence), Captures.Registration<Seen>());
        var options = delayed ? new MessageOptions { NotBefore = Later } : new MessageOptions { ExpiresAt = Later };

        // Of all types: they count the same versions.
        Assert.Contains("in sequence", tx.Refused(x => x.Publish(new Moved(1), "e1", options: options)), StringComparison.Ordinal);
        Assert.Contains("in sequence", tx.Refused(x => x.Publish(new Seen(1), "e1", options: options)), StringComparison.Ordinal);
        tx.Publish(new Seen(1), "e1", options: options with { ReplyTo = new Uri("loopback://localhost/answers") });
    }

    [Fact]
    public void A_topic_in_sequence_does_not_go_on_behind_a_parked_message()
    {
        var moved = Captures.Registration<Moved>(ordering: MessageOrdering.Sequence);
        SequenceRules.Check(new TopicRegistration("pets", ParkedPolicy.HoldEntity), [moved]);
        SequenceRules.Check(new TopicRegistration("pets", ParkedPolicy.Continue), [Captures.Registration<Seen>()]);

        var error = Assert.Throws<OutboxConfigurationException>(() => SequenceRules.Check(new TopicRegistration("pets", ParkedPolicy.Continue), [moved]));

        Assert.Contains("OnParked = Continue", error.Message, StringComparison.Ordinal);
    }

    /// <summary>An attribute cannot hold half of a surrogate pair.</summary>
    private static string? Cut(string? text) => text?.Replace("HALF", "\uD83D", StringComparison.Ordinal);

    private static MessageOptions With(string name, string value) => new() { Headers = new Dictionary<string, string> { [name] = value } };
}
