using Confluent.Kafka;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Collects the delivery reports of one batch.</summary>
internal sealed class ProduceBatch(IReadOnlyList<OutboxMessage> messages)
{
    private readonly Lock _gate = new();
    private readonly PublishResult?[] _results = new PublishResult?[messages.Count];
    private readonly Dictionary<string, string?> _topics = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _suspects = [];
    private readonly Link _link = new();
    private int _open = messages.Count + 1;

    public IReadOnlyList<OutboxMessage> Messages => messages;

    /// <summary>Ends when every message has its result.</summary>
    public Task Completed => _completed.Task;

    /// <summary>The messages that the broker refused for what may be another record of the same request.</summary>
    public IReadOnlyList<int> Suspects
    {
        get
        {
            lock (_gate)
            {
                return _suspects.Order().ToList();
            }
        }
    }

    public PublishResult[] Results
    {
        get
        {
            lock (_gate)
            {
                return Array.ConvertAll(_results, result => result ?? PublishResult.Held);
            }
        }
    }

    /// <summary>Topics with messages that have no result yet.</summary>
    public IReadOnlyCollection<string> UnansweredTopics
    {
        get
        {
            lock (_gate)
            {
                return [.. messages.Where((_, index) => _results[index] is null).Select(message => message.Topic).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Whether any message got an error.</summary>
    public bool AnyError
    {
        get
        {
            lock (_gate)
            {
                return _results.Any(result => result is { Status: not (PublishStatus.Published or PublishStatus.Held) });
            }
        }
    }

    /// <summary>
    /// Queues every message that may be sent now. A process that is paused here finds its lease over before it queues the next one. Reports come later, on the
    /// producer's own thread.
    /// </summary>
    public void Produce(IProducer<string, byte[]?> producer, string topicPrefix, ILaneGuard guard)
    {
        _link.Batch = this;
        var link = _link;
        for (var i = 0; i < messages.Count; i++)
        {
            var index = i;
            if (!MayProduce(index))
            {
                continue;
            }

            if (!guard.MaySend(messages[i].Lane))
            {
                Report(index, new Error(ErrorCode.Local_MsgTimedOut, "too little of the lease was left to send it"), byBroker: false);
                continue;
            }

            try
            {
                producer.Produce(topicPrefix + messages[i].Topic, WireFormats.Write(messages[i]), report => link.Batch?.Report(index, report.Error, byBroker: true));
            }
            catch (KafkaException error)
            {
                Report(index, error.Error, byBroker: false);
            }
        }

        lock (_gate)
        {
            CountDown();
        }
    }

    /// <summary>Takes back what seemed published, because its transaction did not commit, and gives what has no result this error.</summary>
    public void Revoke(string? error)
    {
        _link.Batch = null;
        lock (_gate)
        {
            for (var i = 0; i < _results.Length; i++)
            {
                _results[i] = (_results[i]?.Status, error) switch
                {
                    (null, not null) or (PublishStatus.Published, not null) => PublishResult.Unavailable(error),
                    (PublishStatus.Published, null) => PublishResult.Held,
                    _ => _results[i],
                };
            }
        }
    }

    /// <summary>
    /// Whether a message may follow those of its entity that were produced before it. Not after a failure; and not to another topic, because
    /// only within one topic does the producer keep the second from succeeding when the first does not. What is held is read again in the next sweep.
    /// </summary>
    private bool MayProduce(int index)
    {
        var message = messages[index];
        lock (_gate)
        {
            if (_topics.TryAdd(message.EntityId, message.Topic) || _topics[message.EntityId] == message.Topic)
            {
                return true;
            }

            _topics[message.EntityId] = null;
        }

        Close(index, PublishResult.Held);
        return false;
    }

    private void Report(int index, Error error, bool byBroker)
    {
        if (error.IsError)
        {
            NoteFailure(index, byBroker && KafkaErrors.IsOfOneRecord(error.Code));
        }

        Close(index, error.IsError ? KafkaErrors.ToResult(error) : PublishResult.Published);
    }

    /// <summary>Gives every message without a report this error. Reports that still come are ignored.</summary>
    public void CloseWith(string error)
    {
        _link.Batch = null;
        for (var i = 0; i < messages.Count; i++)
        {
            Close(i, PublishResult.Unavailable(error));
        }
    }

    private void NoteFailure(int index, bool suspect)
    {
        lock (_gate)
        {
            _topics[messages[index].EntityId] = null;
            if (suspect)
            {
                _suspects.Add(index);
            }
        }
    }

    private void Close(int index, PublishResult result)
    {
        lock (_gate)
        {
            if (_results[index] is null)
            {
                _results[index] = result;
                CountDown();
            }
        }
    }

    private void CountDown()
    {
        if (--_open == 0)
        {
            _completed.TrySetResult();
        }
    }

    /// <summary>What a producer knows of a batch. A producer that is given up never lets go of its report handlers; cutting the link frees the batch.</summary>
    private sealed class Link
    {
        private volatile ProduceBatch? _batch;

        public ProduceBatch? Batch
        {
            get => _batch;
            set => _batch = value;
        }
    }
}
