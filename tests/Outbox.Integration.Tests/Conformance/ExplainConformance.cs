using Outbox.Capture;
using Outbox.Delivery.Publishing;
using Outbox.Inbox;
using Outbox.Messages;
using Outbox.Operations.Explaining;
using Outbox.Operations.Pausing;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>IExplain: what a store says of why something is stuck.</summary>
public abstract class ExplainConformance(StoreKind kind) : ConformanceSuite(kind, o => o.Set(x => x.KeepSentFor = TimeSpan.FromDays(1)))
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private IExplain Explain => Store.Get<IExplain>();

    [Fact]
    public async Task Of_what_was_never_there_it_says_that_there_is_no_trace()
    {
        var explanation = await Explain.ExplainAsync("nobody");

        Assert.False(explanation.IsFound);
        Assert.False(explanation.IsStuck);
        Assert.Equal([FindingCodes.NoTrace], Codes(explanation));
    }

    [Fact]
    public async Task What_is_pending_without_a_relay_waits_for_one()
    {
        await Store.PublishAsync("a", 1);

        var explanation = await Explain.ExplainAsync("a");

        Assert.True(explanation.IsStuck);
        Assert.Equal([FindingCodes.NoRelay], Codes(explanation));
        Assert.Equal(("a", 1L), (Assert.Single(explanation.Pending).Entity.Id, explanation.Pending[0].Version!.Value));
    }

    [Fact]
    public async Task What_is_only_pending_says_for_how_long_and_how_much_is_before_it()
    {
        await RelayAsync();
        await Store.PublishAsync("b", 1);
        await Store.PublishAsync("b", 2);

        var explanation = await Explain.ExplainAsync("b");

        var finding = Assert.Single(explanation.Findings);
        Assert.Equal((FindingCodes.Pending, FindingKind.Waits), (finding.Code, finding.Kind));
        Assert.Contains("with 0 messages before it in lane", finding.Text, StringComparison.Ordinal);
        Assert.Equal([1L, 2L], explanation.Pending.Select(message => message.Version!.Value));
        Assert.False(explanation.IsStuck);
    }

    [Fact]
    public async Task What_is_delayed_says_until_when()
    {
        await RelayAsync();
        await Store.PublishAsync("a", 1, new MessageOptions { NotBefore = Store.Time.GetUtcNow().AddDays(1) });

        var explanation = await Explain.ExplainAsync(new Entity("", "a"));

        var finding = Assert.Single(explanation.Findings);
        Assert.Equal((FindingCodes.Delayed, FindingKind.Waits), (finding.Code, finding.Kind));
        Assert.Equal(Assert.Single(explanation.Pending).MessageId, (await Explain.ExplainAsync(explanation.Pending[0].MessageId)).Pending[0].MessageId);
    }

    [Fact]
    public async Task A_parked_message_and_those_behind_it_name_it()
    {
        await RelayAsync();
        await Store.PublishAsync("a", 1);
        await Store.PublishAsync("a", 2);
        var messages = await Store.CommittedAsync();
        await Store.Reader.ParkAsync([new UnpublishableMessage(messages[0], "the message is too large", 3, HoldsEntity: true)], CancellationToken.None);

        var entity = await Explain.ExplainAsync(messages[0].Entity);
        var first = await Explain.ExplainAsync(messages[0].MessageId);
        var second = await Explain.ExplainAsync(messages[1].MessageId);

        Assert.Equal([FindingCodes.Parked, FindingCodes.HeldByParked], Codes(entity));
        Assert.Contains("after 3 attempts: the message is too large.", entity.Findings[0].Text, StringComparison.Ordinal);
        Assert.Equal([FindingCodes.Parked], Codes(first));
        Assert.Equal([FindingCodes.HeldByParked], Codes(second));
        Assert.Contains(messages[0].MessageId, second.Findings[0].Text, StringComparison.Ordinal);
        Assert.All([entity, first, second], explanation => Assert.True(explanation.IsStuck));
    }

    [Fact]
    public async Task What_is_paused_says_by_whom_until_when_and_why()
    {
        await RelayAsync();
        await Store.PublishAsync("a", 1);
        await Store.Get<IPauses>().PauseAsync(new PauseRequest(PauseTarget.Topic("orders"), "the consumers are broken") { By = Outbox.Operations.Actor.Claimed("ann") });
        await Store.Get<IPauses>().PauseAsync(new PauseRequest(PauseTarget.Topic("customers"), "another"));

        var finding = Assert.Single((await Explain.ExplainAsync("a")).Findings);

        Assert.Equal((FindingCodes.TopicPaused, FindingKind.Waits), (finding.Code, finding.Kind));
        Assert.Matches("^Topic orders is paused by ann \\(claimed\\) until .* UTC: the consumers are broken\\.$", finding.Text);
        Assert.NotNull(finding.Since);
    }

    [Fact]
    public async Task Of_what_was_published_it_says_that_nothing_is_wrong_and_when_it_was()
    {
        await Store.PublishAsync("a");
        var message = Assert.Single(await Store.CommittedAsync());
        await Store.Reader.CompleteAsync([message], [], CancellationToken.None);

        var entity = await Explain.ExplainAsync(message.Entity);
        Assert.Equal([FindingCodes.NothingWrong, FindingCodes.Published], Codes(entity));
        Assert.Contains("It was published last at", entity.Findings[0].Text, StringComparison.Ordinal);
        Assert.Equal([FindingCodes.NothingWrong, FindingCodes.Published], Codes(await Explain.ExplainAsync(message.MessageId)));
    }

    [Fact]
    public async Task What_waits_for_a_version_says_for_which_and_what_was_processed_by_whom()
    {
        var endpoint = new SequenceEndpoint(Store);
        await endpoint.ReceiveAsync("a", 1);
        await endpoint.ReceiveAsync("a", 4);

        var explanation = await Explain.ExplainAsync("a-4");
        var gap = explanation.Findings[0];
        Assert.Equal(FindingCodes.Gap, gap.Code);
        Assert.Contains("waits for versions 2 to 3 of entity", gap.Text, StringComparison.Ordinal);
        Assert.Equal((1L, 4L), (explanation.Sequences[0].Version, explanation.Sequences[0].FirstWaiting!.Value));
        Assert.Contains(FindingCodes.Gap, Codes(await Explain.ExplainAsync("a")));

        var done = await Explain.ExplainAsync("a-1");
        Assert.Equal([FindingCodes.NothingWrong, FindingCodes.Processed], Codes(done));
        Assert.Equal("ledger", Assert.Single(done.Processed).Endpoint);
    }

    [Fact]
    public async Task What_could_not_be_processed_says_why_and_what_to_call_it()
    {
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("a", 1, ParkReason.Failed) with { Error = "no such account", Attempts = 5 }, CancellationToken.None);

        foreach (var id in new[] { "a", "a-1" })
        {
            var explanation = await Explain.ExplainAsync(id);
            var finding = Assert.Single(explanation.Findings);
            Assert.Equal((FindingCodes.InboxParked, FindingKind.Stuck), (finding.Code, finding.Kind));
            Assert.Contains("after 5 attempts: no such account.", finding.Text, StringComparison.Ordinal);
            Assert.Contains(Assert.Single(explanation.InboxParked).ParkedId!, finding.Remedy, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Codes(Explanation explanation) => explanation.Findings.Select(finding => finding.Code);

    /// <summary>A relay that has all lanes.</summary>
    private async Task RelayAsync()
    {
        await Store.Leases.HeartbeatAsync("relay-1", Long, CancellationToken.None);
        await Store.Leases.AcquireAsync([.. Enumerable.Range(0, StoreUnderTest.Lanes)], "relay-1", Long, CancellationToken.None);
    }
}

public sealed class InMemoryExplainTests() : ExplainConformance(StoreKind.InMemory);

public sealed class MongoExplainTests() : ExplainConformance(StoreKind.MongoDb);
