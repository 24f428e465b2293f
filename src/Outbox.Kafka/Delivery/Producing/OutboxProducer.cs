using Confluent.Kafka;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>A producer that remembers a fatal error: after one it sends nothing more.</summary>
internal sealed class OutboxProducer : IDisposable
{
    private volatile Error? _fatal;

    public OutboxProducer(Func<Action<Error>, IProducer<byte[]?, byte[]?>> build) => Producer = build(error => _fatal = error);

    public IProducer<byte[]?, byte[]?> Producer { get; }

    public Error? Fatal => _fatal;

    public void Dispose() => Producer.Dispose();
}
