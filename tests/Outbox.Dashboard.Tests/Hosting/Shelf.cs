using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>Puts messages where they are pending or parked, by the framework's own hands.</summary>
internal sealed class Shelf(IServiceProvider services)
{
    private long _offset;

    /// <summary>Captures messages; nothing publishes them.</summary>
    public Task CaptureAsync(string order, string text, params IReadOnlyList<long> versions) => services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
    {
        foreach (var version in versions)
        {
            tx.Publish(new OrderPlaced(order, text), order, version);
        }

        return Task.CompletedTask;
    });

    /// <summary>Captures one message for each order, many in a transaction.</summary>
    public async Task CaptureManyAsync(int count)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(1_000))
        {
            await services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
            {
                foreach (var n in some)
                {
                    tx.Publish(new OrderPlaced($"order-{n}", "fine"), $"order-{n}", 1);
                }

                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Parks all that is pending, as the relay does with what the brokers refuse for good.</summary>
    public async Task ParkPendingAsync(string error)
    {
        var reader = services.GetRequiredService<IOutboxReader>();
        var lanes = Enumerable.Range(0, 64).ToArray();
        await foreach (var page in reader.SweepAsync(new SweepRequest(lanes, 1_000, [], DateTimeOffset.MaxValue), CancellationToken.None))
        {
            await reader.ParkAsync([.. page.Select(message => new UnpublishableMessage(message, error, 3, HoldsEntity: true))], CancellationToken.None);
        }
    }

    /// <summary>Parks a message that could not be published.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> ParkAsync(string order = "order-1", string text = "fine", string error = "The brokers refuse it.", long version = 1)
    {
        await CaptureAsync(order, text, version);
        await ParkPendingAsync(error);
        var page = await services.GetRequiredService<IOutboxOperations>().SearchAsync(new ParkedFilter { EntityId = order }, size: 1_000);
        return page.Items.Single(message => message.Version == version).Id;
    }

    /// <summary>Parks a message that was consumed.</summary>
    /// <returns>What the operations call it.</returns>
    public async Task<string> ParkConsumedAsync(ParkedMessage message)
    {
        await services.GetRequiredService<IInboxParking>().ParkAsync(message, CancellationToken.None);
        var page = await services.GetRequiredService<IInboxOperations>().SearchAsync(new ParkedInboxFilter { Endpoint = message.Endpoint }, size: 1_000);
        return page.Items.Single(item => item.MessageId == message.MessageId).Id;
    }

    /// <summary>A message that endpoint <c>billing</c> could not process; with <see cref="ParkReason.Gap"/>, one that waits for its predecessor.</summary>
    public ParkedMessage Consumed(string order = "order-1", string text = "fine", string error = "It cannot be billed.", long version = 1, ParkReason reason = ParkReason.Failed)
    {
        var id = Guid.NewGuid().ToString("N");
        var payload = JsonSerializer.Serialize(new OrderPlaced(order, text), JsonSerializerOptions.Web);
        return new ParkedMessage
        {
            Endpoint = "billing",
            Topic = "orders",
            Partition = 0,
            Offset = _offset++,
            Key = Encoding.UTF8.GetBytes(order),
            Value = Encoding.UTF8.GetBytes($$"""{"messageId":"{{id}}","payload":{{payload}}}"""),
            Headers = [new("messageId", Encoding.UTF8.GetBytes(id)), new("type", "order-placed"u8.ToArray()), new("note", Encoding.UTF8.GetBytes(text))],
            MessageId = id,
            EntityType = "order",
            EntityId = order,
            Version = version,
            Type = "order-placed",
            Reason = reason,
            Error = error,
            Attempts = 2,
            InSequence = reason == ParkReason.Gap,
            Deadline = reason == ParkReason.Gap ? DateTimeOffset.UnixEpoch.AddYears(100) : null,
        };
    }
}
