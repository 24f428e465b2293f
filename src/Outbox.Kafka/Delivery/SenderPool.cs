using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>One sender for everything, or, with Kafka transactions, one for each lane.</summary>
internal sealed class SenderPool(SenderTools tools, IOptions<KafkaOptions> options) : IDisposable
{
    private const int Shared = -1;
    private readonly Dictionary<int, IBatchSender> _senders = [];

    /// <summary>Splits a batch by the sender that must send each message; the indexes keep the batch's order.</summary>
    public IReadOnlyList<(IBatchSender Sender, IReadOnlyList<int> Indexes)> Split(IReadOnlyList<OutboxMessage> messages) =>
        [.. Enumerable.Range(0, messages.Count).GroupBy(index => Key(messages[index])).Select(group => (Sender(group.Key), (IReadOnlyList<int>)group.ToList()))];

    public void Dispose()
    {
        foreach (var sender in _senders.Values)
        {
            sender.Dispose();
        }

        _senders.Clear();
    }

    private int Key(OutboxMessage message) => options.Value.Fencing == Fencing.KafkaTransactions ? Lane.Base(message.Lane) : Shared;

    private IBatchSender Sender(int key)
    {
        if (!_senders.TryGetValue(key, out var sender))
        {
            sender = key == Shared ? new GaplessSender(tools) : new TransactionalSender(key, tools);
            _senders.Add(key, sender);
        }

        return sender;
    }
}
