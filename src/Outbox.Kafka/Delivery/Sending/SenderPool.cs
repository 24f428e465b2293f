using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>One sender for everything, or, with Kafka transactions, one for each lane.</summary>
internal sealed class SenderPool(SenderTools tools, IOptions<KafkaOptions> options) : IAsyncDisposable, IDisposable
{
    private const int Shared = -1;
    private const int AtOnce = 4;
    private readonly ConcurrentDictionary<int, IBatchSender> _senders = [];

    /// <summary>Splits a batch by the sender that must send each message; the indexes keep the batch's order.</summary>
    public IReadOnlyList<(IBatchSender Sender, List<int> Indexes)> Split(IReadOnlyList<OutboxMessage> messages, IEnumerable<int> indexes) =>
        [.. indexes.GroupBy(index => Key(messages[index])).Select(group => (Sender(group.Key), group.ToList()))];

    /// <summary>With Kafka transactions: ends what earlier owners of these lanes have left open, and what this relay had for lanes that are no longer its own.</summary>
    public async Task TakeOverAsync(IReadOnlySet<int> lanes, TimeSpan deadline, CancellationToken cancellationToken)
    {
        foreach (var (lane, sender) in _senders)
        {
            if (!lanes.Contains(lane) && sender is TransactionalSender former && _senders.TryRemove(lane, out _))
            {
                await former.RetireAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        var taken = lanes.Select(Sender).OfType<TransactionalSender>().Where(sender => sender.IsToPrepare).ToList();
        await Parallel.ForEachAsync(
            taken, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (sender, stop) => await sender.PrepareAsync(deadline, stop).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Ends all senders; they stay, and send nothing more.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_senders.Values.Select(sender => sender.DisposeAsync().AsTask())).ConfigureAwait(false);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private int Key(OutboxMessage message) => options.Value.Fencing == Fencing.KafkaTransactions ? Lane.Base(message.Lane) : Shared;

    private IBatchSender Sender(int key) => _senders.GetOrAdd(key, static (key, tools) => key == Shared ? new GaplessSender(tools) : new TransactionalSender(key, tools), tools);
}
