using Confluent.Kafka;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>A producer that remembers a fatal error: after one it sends nothing more.</summary>
internal sealed class OutboxProducer : IDisposable
{
    private readonly Lock _ending = new();
    private volatile Error? _fatal;
    private bool _isEnded;

    public OutboxProducer(Func<Action<Error>, IProducer<byte[]?, byte[]?>> build) => Producer = build(error => _fatal = error);

    public IProducer<byte[]?, byte[]?> Producer { get; }

    public Error? Fatal => _fatal;

    /// <summary>Aborts the transaction that is open, if one is. Whoever sends in it finds that out.</summary>
    public void Abort(TimeSpan patience)
    {
        lock (_ending)
        {
            if (_isEnded)
            {
                return;
            }

            try
            {
                Producer.AbortTransaction(patience);
            }
            catch (KafkaException)
            {
                // There is none, or it belongs to the lane's next owner, or no broker answers: then it ends when its time is over.
            }
        }
    }

    /// <summary>Nobody may use it meanwhile: a client that is used while it ends takes the process with it.</summary>
    public void Dispose()
    {
        lock (_ending)
        {
            _isEnded = true;
            Producer.Dispose();
        }
    }
}
