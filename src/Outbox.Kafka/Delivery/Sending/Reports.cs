using Confluent.Kafka;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>
/// Makes results of the reports of a batch. A broker that refuses one record refuses every record of the same request and partition, with the same error or with one that says
/// so; then a gapless producer and a transaction take the rest of the batch with them. So an error is the record's own only when the broker told it from the others, or when
/// there were no others.
/// </summary>
internal sealed class Reports(IReadOnlyList<OutboxMessage> messages, RecordTime time)
{
    private readonly Report?[] _reports = new Report?[messages.Count];

    public bool IsMissing(int index) => _reports[index] is null;

    /// <summary>Whether any message was not accepted.</summary>
    public bool AnyError => Array.Exists(_reports, report => report is { Error: not null } or { Result.Status: not PublishStatus.Held });

    /// <summary>Whether messages were taken back from the producer and nothing says for whose fault: what stops a transaction before a record is sent is told of none.</summary>
    public bool IsUnexplained => !AnyRefusal && Array.Exists(_reports, report => report?.Error is { } error && KindOf(error) == ErrorKind.Bystander);

    private bool AnyRefusal => Array.Exists(_reports, report => report?.Error is { } error && KindOf(error) is ErrorKind.Record or ErrorKind.Place or ErrorKind.Passing);

    /// <summary>Whether a message was accepted.</summary>
    public bool IsAcknowledged(int index) => _reports[index] is { Error: null, Result: null };

    public void Add(int index, Error error, int partition) => _reports[index] = new Report(error.IsError ? error : null, partition, null);

    public void Add(int index, PublishResult result) => _reports[index] = new Report(null, Partition.Any, result);

    /// <param name="unanswered">What became of messages without a report.</param>
    /// <param name="closed">Why a message cannot get through, as far as is known by now.</param>
    /// <param name="revoked">What became of accepted messages, when their transaction did not commit.</param>
    public BatchOutcome Judge(Func<OutboxMessage, PublishResult> unanswered, Func<OutboxMessage, PublishResult?> closed, PublishResult? revoked)
    {
        var partitions = Partitions();
        var places = IsUnexplained ? messages.Select(closed).ToArray() : new PublishResult?[messages.Count];
        var anyRefusal = AnyRefusal || Array.Exists(places, place => place is not null);
        var results = new PublishResult[messages.Count];
        var suspects = new List<int>();
        for (var i = 0; i < results.Length; i++)
        {
            var report = _reports[i];
            if (report is not { Error: { } error })
            {
                results[i] = report switch
                {
                    null => unanswered(messages[i]),
                    { Result: { } known } => known,
                    _ => revoked ?? PublishResult.Published,
                };
            }
            else if (partitions[(messages[i].Topic, report.Partition)].Suspects(KindOf(error)))
            {
                suspects.Add(i);
                results[i] = PublishResult.Held;
            }
            else
            {
                results[i] = places[i] ?? Result(error, messages[i], anyRefusal);
            }
        }

        return new BatchOutcome(results, suspects, anyRefusal);
    }

    private Dictionary<(string Topic, int Partition), Requests> Partitions()
    {
        var partitions = new Dictionary<(string Topic, int Partition), Requests>();
        for (var i = 0; i < _reports.Length; i++)
        {
            if (_reports[i] is { Result: null } report)
            {
                var key = (messages[i].Topic, report.Partition);
                var before = partitions.GetValueOrDefault(key);
                partitions[key] = new Requests(before.Records + 1, before.Tells || report.Error?.Code == ErrorCode.Local_InvalidDifferentRecord);
            }
        }

        return partitions;
    }

    private ErrorKind KindOf(Error error) => KafkaErrors.KindOf(error, time);

    private PublishResult Result(Error error, OutboxMessage message, bool anyRefusal) => KindOf(error) switch
    {
        // A checksum that is wrong may have been the network's doing.
        ErrorKind.Record when error.Code == ErrorCode.InvalidMsg => PublishResult.Failed(KafkaErrors.Explain(error, message.Topic)),
        ErrorKind.Record => PublishResult.Refused(KafkaErrors.Explain(error, message.Topic)),
        ErrorKind.Place => PublishResult.PlaceFailed(KafkaErrors.IsOfCluster(error.Code) ? Place.Cluster : new Place(message.Topic), KafkaErrors.Explain(error, message.Topic, time)),
        ErrorKind.Bystander when anyRefusal => PublishResult.Held,
        ErrorKind.Passing => PublishResult.Failed(KafkaErrors.Explain(error, message.Topic)),
        _ => PublishResult.Unavailable(KafkaErrors.Explain(error, message.Topic)),
    };

    /// <param name="Error">The error of the record, or none.</param>
    /// <param name="Partition">Where it went, if that was decided.</param>
    /// <param name="Result">What became of a message that was not handed over.</param>
    private sealed record Report(Error? Error, int Partition, PublishResult? Result);

    /// <param name="Records">How many records went to a partition.</param>
    /// <param name="Tells">Whether the broker told the bad ones from the others.</param>
    private readonly record struct Requests(int Records, bool Tells)
    {
        public bool Suspects(ErrorKind kind) => Records > 1 && !Tells && kind == ErrorKind.Record;
    }
}
