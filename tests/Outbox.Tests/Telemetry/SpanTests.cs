using System.Diagnostics;
using Outbox.Capture;
using Outbox.Delivery.Publishing;
using Outbox.Diagnostics;
using Outbox.Messages;
using Outbox.Tests.Capture;
using Outbox.Tests.Delivery;

namespace Outbox.Tests.Telemetry;

[Collection(nameof(Listeners))]
public sealed class SpanTests
{
    private const string Creation = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void A_message_carries_the_span_of_its_creation_below_the_one_that_captured_it()
    {
        using var heard = new HeardSpans();
        using var request = new Activity("request").Start();
        var transaction = Captures.Transaction(Captures.Registration<Pet>());
        transaction.Publish(new Pet("Rex"), "p1", 3);

        var span = Assert.Single(heard.Ended);
        Assert.Equal(("create pets", ActivityKind.Producer, request.SpanId), (span.DisplayName, span.Kind, span.ParentSpanId));
        Assert.Equal(span.Id, transaction.Captured.Headers[MessageHeaders.TraceParent]);
        Assert.Equal(
            ("kafka", "create", "create", "pets", transaction.Captured.MessageId, "p1", "pet"),
            (Tag(span, "messaging.system"), Tag(span, "messaging.operation.name"), Tag(span, "messaging.operation.type"), Tag(span, "messaging.destination.name"),
            Tag(span, "messaging.message.id"), Tag(span, "messaging.kafka.message.key"), Tag(span, "outbox.entity.type")));
        Assert.Equal(("Outbox", OutboxTelemetry.Version), (span.Source.Name, span.Source.Version));
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public void A_batch_has_one_span_for_each_topic_that_nothing_but_its_messages_caused()
    {
        using var heard = new HeardSpans();
        using var start = new Activity("start of the host").Start();
        var messages = Enumerable.Range(0, 300).Select(n => Created($"o{n}", n % 3 == 0 ? "shipments" : "orders")).ToList();
        messages.Add(Created("b", BusTopics.Events));
        using (var spans = SendSpans.Start(messages))
        {
            spans!.End([.. messages.Select((_, n) => n == 3 ? PublishResult.Refused("too large") : PublishResult.Published)]);
        }

        var ended = heard.Ended.OrderBy(span => span.DisplayName).ToList();
        Assert.Equal(["send orders", "send shipments"], ended.Select(span => span.DisplayName));
        Assert.All(ended, span => Assert.Equal((ActivityKind.Client, default, 200), (span.Kind, span.ParentSpanId, (int)Tag(span, "messaging.batch.message_count")! + (span.DisplayName == "send orders" ? 0 : 100))));
        Assert.Equal([128, 100], ended.Select(span => span.Links.Count()));
        Assert.All(ended.SelectMany(span => span.Links), link => Assert.Equal("b7ad6b7169203331", link.Context.SpanId.ToString()));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], ended.Select(span => span.Status));
        Assert.Equal(("too large", "refused"), (ended[1].StatusDescription, Tag(ended[1], "error.type")));
    }

    [Fact]
    public void A_batch_that_ends_in_an_error_says_so()
    {
        using var heard = new HeardSpans();
        SendSpans.Start([Created("o1", "orders")])!.Dispose();
        Assert.Equal((ActivityStatusCode.Error, "not_sent"), (heard.Ended.Single().Status, Tag(heard.Ended.Single(), "error.type")));
    }

    [Fact]
    public void What_goes_to_the_bus_is_below_its_creation()
    {
        using var heard = new HeardSpans();
        SendSpans.StartAlone(Created("o1", BusTopics.Events))!.Dispose();
        var span = heard.Ended.Single();
        Assert.Equal(("b7ad6b7169203331", "masstransit"), (span.ParentSpanId.ToString(), Tag(span, "messaging.system")));
    }

    private static object? Tag(Activity span, string name) => span.GetTagItem(name);

    private static OutboxMessage Created(string entity, string topic) =>
        Samples.Message(entity, topic: topic) with { Headers = new Dictionary<string, string> { [MessageHeaders.TraceParent] = Creation } };

    public sealed record Pet(string Name);
}
