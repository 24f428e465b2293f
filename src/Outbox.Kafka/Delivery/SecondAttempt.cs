using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// Goes through a batch once more, in its order, when a refusal has stopped others: the suspects are sent one by one, so that the bad one is refused
/// again and the others go through; what was held, or taken back by an aborted transaction, goes between them.
/// </summary>
internal sealed class SecondAttempt(IBatchSender sender, ProduceBatch batch, Func<TimeSpan> remaining)
{
    private readonly PublishResult[] _results = batch.Results;
    private readonly HashSet<int> _suspects = [.. batch.Suspects];
    private readonly HashSet<string> _blocked = new(StringComparer.Ordinal);
    private readonly List<int> _held = [];

    public static bool IsNeeded(ProduceBatch batch) => batch.Suspects.Count > 1 || batch.Results.Contains(PublishResult.Held);

    public async Task<PublishResult[]> RunAsync(CancellationToken cancellationToken)
    {
        for (var index = 0; index < _results.Length; index++)
        {
            if (_results[index] == PublishResult.Held)
            {
                _held.Add(index);
            }
            else if (_results[index] != PublishResult.Published)
            {
                // What was held of its entity goes first.
                await SendHeldAsync(cancellationToken).ConfigureAwait(false);
                await SuspectAsync(index, cancellationToken).ConfigureAwait(false);
            }
        }

        await SendHeldAsync(cancellationToken).ConfigureAwait(false);
        return _results;
    }

    private async Task SendHeldAsync(CancellationToken cancellationToken)
    {
        await SendAsync([.. _held], cancellationToken).ConfigureAwait(false);
        _held.Clear();
    }

    private async Task SuspectAsync(int index, CancellationToken cancellationToken)
    {
        var entity = batch.Messages[index].EntityId;
        if (_suspects.Count > 1 && _suspects.Contains(index))
        {
            await SendAsync([index], cancellationToken).ConfigureAwait(false);
        }
        else if (!_blocked.Add(entity))
        {
            _results[index] = PublishResult.Held;
        }
    }

    /// <summary>Sends these messages, except behind one of their entity that was not published.</summary>
    private async Task SendAsync(IReadOnlyList<int> indexes, CancellationToken cancellationToken)
    {
        foreach (var index in indexes)
        {
            _results[index] = PublishResult.Held;
        }

        var sent = indexes.Where(index => !_blocked.Contains(batch.Messages[index].EntityId)).ToList();
        if (sent.Count > 0 && remaining() is var rest && rest > TimeSpan.Zero)
        {
            var again = await sender.SendAsync([.. sent.Select(index => batch.Messages[index])], rest, cancellationToken).ConfigureAwait(false);
            Take(sent, again);
        }

        _blocked.UnionWith(indexes.Where(index => _results[index] != PublishResult.Published).Select(index => batch.Messages[index].EntityId));
    }

    private void Take(List<int> sent, ProduceBatch again)
    {
        // Which of several suspects is the bad one is for the next sweep to find.
        var unclear = again.Suspects.Count > 1 ? again.Suspects : [];
        var results = again.Results;
        for (var i = 0; i < sent.Count; i++)
        {
            _results[sent[i]] = unclear.Contains(i) ? PublishResult.Held : results[i];
        }
    }
}
