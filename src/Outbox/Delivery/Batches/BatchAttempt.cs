using System.Runtime.ExceptionServices;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>One batch on its way through a publisher that may throw.</summary>
internal sealed class BatchAttempt
{
    /// <summary>After so many messages that it threw for and none that it published, it is the publisher that fails.</summary>
    private const int Enough = 3;

    private readonly IMessagePublisher _publisher;
    private readonly IReadOnlyList<OutboxMessage> _messages;
    private readonly PublishResult[] _results;
    private readonly Func<TimeSpan> _remaining;
    private readonly HashSet<Entity> _blocked = [];
    private readonly List<int> _thrown = [];
    private bool _anyPublished;
    private StoreFailedException? _storeFailed;

    public BatchAttempt(IMessagePublisher publisher, IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, TimeProvider time)
    {
        var started = time.GetTimestamp();
        (_publisher, _messages, _remaining) = (publisher, messages, () => deadline - time.GetElapsedTime(started));
        _results = [.. messages.Select(message => message.NotKnownBecause is { } reason ? PublishResult.NotKnown(reason) : PublishResult.Held)];
        Known = FindKnown(messages);
    }

    /// <summary>The messages that may be given to the publisher: they are known, and so are those before them of their entities.</summary>
    public List<int> Known { get; }

    /// <summary>What the publisher threw first.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The messages that the publisher threw for; none where it threw for everything.</summary>
    public IReadOnlyCollection<int> Thrown => IsBroken ? [] : _thrown;

    private bool IsBroken => _thrown.Count >= Enough && !_anyPublished;

    /// <summary>Sends these messages, but none behind one of its entity that was not published.</summary>
    public async Task SendAsync(IReadOnlyList<int> indexes)
    {
        var open = _blocked.Count == 0 ? indexes : indexes.Where(index => !_blocked.Contains(_messages[index].Entity)).ToList();
        if (open.Count == 0 || IsBroken || _storeFailed is not null || _remaining() is var rest && rest <= TimeSpan.Zero)
        {
            return;
        }

        try
        {
            Take(open, await _publisher.PublishAsync([.. open.Select(index => _messages[index])], rest, CancellationToken.None).ConfigureAwait(false));
        }
        catch (StoreFailedException error)
        {
            _storeFailed = error;
        }
        catch (Exception error) when (open.Count == 1)
        {
            _results[open[0]] = PublishResult.Failed($"The publisher threw {error.GetType().Name}: {error.Message}");
            _blocked.Add(_messages[open[0]].Entity);
            _thrown.Add(open[0]);
            Error ??= error;
        }
        catch (Exception)
        {
            await SendAsync([.. open.Take(open.Count / 2)]).ConfigureAwait(false);
            await SendAsync([.. open.Skip(open.Count / 2)]).ConfigureAwait(false);
        }
    }

    /// <summary>The results. A publisher that threw for whatever it was given says nothing about any message.</summary>
    /// <exception cref="StoreFailedException">The database failed the publisher before anything was published. What was published before must be removed first; the rest is then read again.</exception>
    public IReadOnlyList<PublishResult> End()
    {
        if (_storeFailed is not null && !_anyPublished)
        {
            ExceptionDispatchInfo.Throw(_storeFailed);
        }

        if (IsBroken)
        {
            foreach (var index in _thrown)
            {
                _results[index] = PublishResult.Unavailable(_results[index].Error!);
            }
        }

        return _results;
    }

    private static List<int> FindKnown(IReadOnlyList<OutboxMessage> messages)
    {
        var all = Enumerable.Range(0, messages.Count).ToList();
        if (messages.All(message => message.NotKnownBecause is null))
        {
            return all;
        }

        var behind = new HashSet<Entity>();
        return all.FindAll(index => messages[index].NotKnownBecause is null
            ? !behind.Contains(messages[index].Entity)
            : behind.Add(messages[index].Entity) && false);
    }

    private void Take(IReadOnlyList<int> sent, IReadOnlyList<PublishResult> results)
    {
        if (results.Count != sent.Count)
        {
            throw new InvalidOperationException($"The publisher gave {results.Count} results for {sent.Count} messages.");
        }

        for (var i = 0; i < sent.Count; i++)
        {
            _results[sent[i]] = results[i];
            if (results[i].Status == PublishStatus.Published)
            {
                _anyPublished = true;
            }
            else
            {
                _blocked.Add(_messages[sent[i]].Entity);
            }
        }
    }
}
