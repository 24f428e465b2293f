using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;
using Outbox.Operations.Explaining;
using Outbox.Operations.Pausing;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Operations;

/// <summary>Why something is not processed, as another process reads it in the database.</summary>
public sealed class WhyProcessedTests
{
    [Fact]
    public async Task A_message_that_failed_one_that_was_processed_and_an_endpoint_that_is_gone_are_told()
    {
        await using var service = await ConsumingService.StartAsync();
        await using var asked = await OfAsync(service);
        service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? throw new InvalidOperationException("no such customer") : Task.CompletedTask;
        await service.ProduceAsync(("m1", new OrderPlaced("good", 1)), ("m2", new OrderPlaced("bad", 1)));

        var parked = await asked.UntilAsync("m2", FindingCodes.InboxParked);
        Assert.Contains("no such customer", parked.Findings[0].Text, StringComparison.Ordinal);
        Assert.True(parked.IsStuck);
        var done = await asked.UntilAsync("m1", FindingCodes.Processed);
        Assert.Equal(FindingCodes.NothingWrong, done.Findings[0].Code);
        Assert.False(done.IsStuck);

        await service.StopAsync();
        var gone = await asked.Explain.ExplainAsync("m9");
        Assert.Equal([FindingCodes.NoTrace, FindingCodes.EndpointDown], gone.Findings.Select(finding => finding.Code));
    }

    [Fact]
    public async Task A_missing_version_is_named()
    {
        await using var service = await ConsumingService.StartAsync(t => t.Ordering = MessageOrdering.Sequence);
        await using var asked = await OfAsync(service);
        await service.ProduceAsync(Wire.Message("m3", new OrderPlaced("o1", 1), version: 3));

        var explanation = await asked.UntilAsync("o1", FindingCodes.Gap);

        Assert.Contains("waits for versions 1 to 2 of entity", explanation.Findings[0].Text, StringComparison.Ordinal);
        Assert.Equal("m3", Assert.Single(explanation.InboxParked).MessageId);
    }

    [Fact]
    public async Task A_paused_endpoint_keeps_its_partitions_takes_nothing_and_goes_on_when_it_is_resumed()
    {
        await using var service = await ConsumingService.StartAsync();
        await using var asked = await OfAsync(service);
        await service.ProduceAsync(("m1", new OrderPlaced("o1", 1)));
        await service.HasAsync(service.Inbox, 1);
        var group = $"{ConsumingService.Endpoint}-{service.Topic}";
        var self = PauseTarget.Endpoint(group);
        var wrong = await Assert.ThrowsAsync<OutboxException>(() => asked.Pauses.PauseAsync(new PauseRequest(PauseTarget.Endpoint("shiping"), "x")));
        Assert.Contains(group, wrong.Message, StringComparison.Ordinal);

        await asked.Pauses.PauseAsync(new PauseRequest(self, "the carrier is down"));
        await Eventually.TrueAsync(() => Task.FromResult(Book(service).Find(self) is not null), "the pause is seen");
        await service.ProduceAsync(("m2", new OrderPlaced("o2", 1)));
        await using var second = await ConsumingService.StartAsync(beside: service);
        await Eventually.TrueAsync(() => Task.FromResult(Partitions(second) == 2 && Partitions(service) == 2), "an instance that starts meanwhile shares the partitions");

        var explanation = await asked.Explain.ExplainAsync("m2");
        Assert.Equal([FindingCodes.NoTrace, FindingCodes.EndpointPaused], explanation.Findings.Where(finding => finding.Code != FindingCodes.EndpointLags).Select(finding => finding.Code));
        Assert.Equal(group, explanation.Findings.Single(finding => finding.Code == FindingCodes.EndpointPaused).Endpoint);
        Assert.Equal(1, await service.Inbox.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));

        Assert.True(await asked.Pauses.ResumeAsync(self, "it is up"));
        await service.HasAsync(service.Inbox, 2);
    }

    private static Task<Asked> OfAsync(ConsumingService service) => Asked.OfAsync(service.Database.DatabaseNamespace.DatabaseName);

    private static PauseBook Book(ConsumingService service) => (PauseBook)service.Services.GetService(typeof(PauseBook))!;

    private static int Partitions(ConsumingService service) => ((Outbox.Inbox.Health.EndpointStates)service.Services.GetService(typeof(Outbox.Inbox.Health.EndpointStates))!).All.Single().Partitions;
}
