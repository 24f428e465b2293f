using System.Text;
using Confluent.Kafka;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>The process's producer of requests and answers, built when the first one is sent. One that gets no answers any more is replaced.</summary>
internal sealed class RequestProducer(ProducerFactory producers) : IDisposable
{
    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private bool _isDisposed;

    /// <returns>Where it is, when the brokers have it.</returns>
    /// <exception cref="ProduceException{TKey, TValue}">They have not.</exception>
    public async Task<TopicPartitionOffset> SendAsync(TopicPartition place, Guid id, byte[] value, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var message = new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(id.ToString()), Value = value, Headers = [] };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        var producer = Producer();
        try
        {
            return (await producer.ProduceAsync(place, message).ConfigureAwait(false)).TopicPartitionOffset;
        }
        catch (ProduceException<byte[]?, byte[]?> error) when (error.Error.IsFatal || error.Error.Code == ErrorCode.Local_MsgTimedOut)
        {
            // After brokers were away, a client may never find them again.
            Replace(producer);
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _producer?.Dispose();
            _producer = null;
        }
    }

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= producers.CreateRaw();
        }
    }

    private void Replace(IProducer<byte[]?, byte[]?> producer)
    {
        lock (_gate)
        {
            if (_producer != producer)
            {
                return;
            }

            _producer = null;
        }

        _ = Disposal.InBackground(producer);
    }
}
