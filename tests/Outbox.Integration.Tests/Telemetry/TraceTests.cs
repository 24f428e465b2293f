using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Telemetry;

public sealed class TraceTests
{
    private static readonly ActivitySource Test = new("Test");

    [Fact]
    public async Task A_request_its_message_its_consumer_and_what_that_publishes_are_one_trace_without_orphans()
    {
        using var traces = new Traces();
        await using var service = await ConsumingService.StartAsync(outbox: o => o.RelayEnabled = true);
        using var request = Test.StartActivity("request")!;
        await PublishAsync(service, "o1");
        await service.HasAsync(service.Inbox, 1);
        request.Stop();
        await Eventually.TrueAsync(() => Task.FromResult(traces.LinkedTo(request.TraceId).Count > 0 && Find(traces, request, "process").Count == 1), "the batch and the process have ended");

        var all = traces.Of(request.TraceId);
        var ids = all.Select(span => span.SpanId).ToHashSet();
        Assert.All(all, span => Assert.True(span == request || ids.Contains(span.ParentSpanId), $"{span.Source.Name} {span.DisplayName} has a parent that is not there"));

        var created = Assert.Single(all, span => span.DisplayName == $"create {service.Topic}");
        var process = Assert.Single(Find(traces, request, "process"));
        Assert.Equal((request.SpanId, created.SpanId, created.SpanId), (created.ParentSpanId, process.ParentSpanId, process.Links.Single().Context.SpanId));
        Assert.Equal((ActivityKind.Producer, ActivityKind.Consumer, $"process {service.Topic}"), (created.Kind, process.Kind, process.DisplayName));
        Assert.Equal($"{ConsumingService.Endpoint}-{service.Topic}", process.GetTagItem("messaging.consumer.group.name"));
        var masstransits = all.Where(span => span.Source.Name == "MassTransit").ToList();
        Assert.NotEmpty(masstransits);
        Assert.All(masstransits, span => Assert.True(IsBelow(span, process, all), $"{span.DisplayName} is not below ours"));
        var next = Assert.Single(all, span => span.DisplayName == $"create shipments-{service.Topic}");
        Assert.True(IsBelow(next, process, all));

        var batch = Assert.Single(traces.LinkedTo(request.TraceId), span => span.DisplayName == $"send {service.Topic}");
        Assert.Equal((ActivityKind.Client, default, ActivityStatusCode.Unset), (batch.Kind, batch.ParentSpanId, batch.Status));
        Assert.Equal(created.SpanId, Assert.Single(batch.Links).Context.SpanId);
    }

    [Fact]
    public async Task A_consumer_that_fails_has_its_error_on_the_span()
    {
        using var traces = new Traces();
        await using var service = await ConsumingService.StartAsync(outbox: o => o.RelayEnabled = true);
        service.Script.AfterWrite = (_, _) => throw new InvalidOperationException("no such customer");
        using var request = Test.StartActivity("request")!;
        await PublishAsync(service, "o1");
        await service.HasAsync(service.Parked, 1);
        await Eventually.TrueAsync(() => Task.FromResult(Find(traces, request, "process").Count == 1), "the process has ended");

        var process = Find(traces, request, "process").Single();
        Assert.Equal((ActivityStatusCode.Error, "no such customer", typeof(InvalidOperationException).FullName), (process.Status, process.StatusDescription, process.GetTagItem("error.type")));
    }

    private static IReadOnlyList<Activity> Find(Traces traces, Activity request, string operation) =>
        [.. traces.Of(request.TraceId).Where(span => (string?)span.GetTagItem("messaging.operation.type") == operation && span.Source.Name == "Outbox")];

    private static bool IsBelow(Activity span, Activity ancestor, IReadOnlyList<Activity> all)
    {
        for (var at = span; at is not null; at = all.FirstOrDefault(other => other.SpanId == at.ParentSpanId))
        {
            if (at.ParentSpanId == ancestor.SpanId)
            {
                return true;
            }
        }

        return false;
    }

    private static Task PublishAsync(ConsumingService service, string order) => service.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
    {
        tx.Publish(new OrderPlaced(order, 7), order, 1);
        return Task.CompletedTask;
    });
}
