using System.Text;
using Confluent.Kafka;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Formats;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>Collects the delivery reports of one batch.</summary>
internal sealed class ProduceBatch(IReadOnlyList<OutboxMessage> messages, SenderTools tools)
{
    private readonly Lock _gate = new();
    private readonly Reports _reports = new(messages, tools.RecordTime);
    private readonly Dictionary<Entity, string?> _topics = [];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Link _link = new();
    private int _open = messages.Count + 1;
    private bool _timedOut;

    /// <summary>Ends when every message has its report, or when one was given up by the producer, after which it must not send another.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Whether the producer gave a message up that it could not send in time: what is queued behind must not be sent.</summary>
    public bool TimedOut => _timedOut;

    /// <summary>Whether any message was not accepted.</summary>
    public bool AnyError
    {
        get
        {
            lock (_gate)
            {
                return _reports.AnyError;
            }
        }
    }

    /// <summary>Whether messages failed and no report says why.</summary>
    public bool IsUnexplained
    {
        get
        {
            lock (_gate)
            {
                return _reports.IsUnexplained;
            }
        }
    }

    /// <summary>Messages without a report.</summary>
    public IReadOnlyList<OutboxMessage> Unanswered
    {
        get
        {
            lock (_gate)
            {
                return [.. messages.Where((_, index) => _reports.IsMissing(index))];
            }
        }
    }

    /// <summary>Messages that the brokers have taken.</summary>
    public IReadOnlyList<OutboxMessage> Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return [.. messages.Where((_, index) => _reports.IsAcknowledged(index))];
            }
        }
    }

    /// <summary>
    /// Queues every message that may be sent now. A process that is paused here finds its lease over before it queues the next one. What is queued much later than the first
    /// would also be given up later, and might be sent when the first no longer is, so it waits for the next batch. Reports come on the producer's own thread.
    /// </summary>
    public void Produce(IProducer<byte[]?, byte[]?> producer)
    {
        _link.Batch = this;
        var link = _link;
        var started = tools.Time.GetTimestamp();
        for (var i = 0; i < messages.Count; i++)
        {
            var index = i;
            if (!MayProduce(index))
            {
                continue;
            }

            if (!tools.Guard.MaySend(messages[i].Lane))
            {
                Close(index, PublishResult.Unavailable("too little of the lease was left to send it"));
                continue;
            }

            if (tools.Time.GetElapsedTime(started) > tools.LongestSpread)
            {
                Close(index, PublishResult.Held);
                continue;
            }

            if (Write(index) is { } record)
            {
                Produce(producer, index, record, link);
            }
        }

        lock (_gate)
        {
            CountDown();
        }
    }

    /// <summary>Ends the batch. Reports that still come are ignored.</summary>
    /// <param name="unanswered">What became of messages without a report.</param>
    /// <param name="revoked">What became of accepted messages, when their transaction did not commit.</param>
    public BatchOutcome End(Func<OutboxMessage, PublishResult> unanswered, PublishResult? revoked = null)
    {
        _link.Batch = null;
        lock (_gate)
        {
            return _reports.Judge(unanswered, message => tools.Places.Closed(message, doubts: false), revoked);
        }
    }

    /// <summary>Whatever keeps one message from being written is that message's failure: its neighbours know nothing of it.</summary>
    private Message<byte[]?, byte[]?>? Write(int index)
    {
        var custom = messages[index].Format == MessageFormat.Custom ? tools.Formats.Find(messages[index]) : null;
        if (messages[index].Format == MessageFormat.Custom && custom is null)
        {
            Close(index, PublishResult.NotKnown($"Topic '{messages[index].Topic}' has a format of its own that this instance does not have: t.UseFormat(…)."));
            return null;
        }

        try
        {
            var record = custom is null ? WireFormats.Write(messages[index]) : custom.Write(messages[index]);
            return new() { Key = Encoding.UTF8.GetBytes(record.Key), Value = record.Value, Headers = record.Headers, Timestamp = tools.TimeOf(messages[index]) };
        }
        catch (Exception error)
        {
            Close(index, PublishResult.Refused($"The message cannot be written in the format {messages[index].Format}: {error.Message}") with { Cause = error });
            return null;
        }
    }

    private void Produce(IProducer<byte[]?, byte[]?> producer, int index, Message<byte[]?, byte[]?> record, Link link)
    {
        try
        {
            producer.Produce(tools.Places.TargetOf(messages[index]), record, report => link.Batch?.Report(index, report.Error, report.Partition));
        }
        catch (KafkaException error)
        {
            Thrown(index, error.Error);
        }
        catch (ObjectDisposedException)
        {
            Close(index, PublishResult.Unavailable("the producer was given up"));
        }
        catch (Exception error)
        {
            Close(index, PublishResult.Failed($"The message cannot be handed to the producer: {error.Message}") with { Cause = error });
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
            if (_topics.TryAdd(message.Entity, message.Topic) || _topics[message.Entity] == message.Topic)
            {
                return true;
            }

            _topics[message.Entity] = null;
        }

        Close(index, PublishResult.Held);
        return false;
    }

    /// <summary>A record that the producer itself does not take is bad by itself, whatever others there are.</summary>
    private void Thrown(int index, Error error)
    {
        if (KafkaErrors.KindOf(error) == ErrorKind.Record)
        {
            Close(index, PublishResult.Refused(KafkaErrors.Explain(error, messages[index].Topic)));
        }
        else
        {
            Report(index, error, Partition.Any);
        }
    }

    private void Report(int index, Error error, Partition partition)
    {
        lock (_gate)
        {
            if (!_reports.IsMissing(index))
            {
                return;
            }

            _reports.Add(index, error, partition);
            if (error.IsError)
            {
                _topics[messages[index].Entity] = null;
            }

            CountDown();
            if (error.Code == ErrorCode.Local_MsgTimedOut)
            {
                _timedOut = true;
                _completed.TrySetResult();
            }
        }
    }

    private void Close(int index, PublishResult result)
    {
        lock (_gate)
        {
            _topics[messages[index].Entity] = null;
            _reports.Add(index, result);
            CountDown();
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
