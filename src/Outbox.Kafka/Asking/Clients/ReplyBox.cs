using Outbox.Kafka.Asking.Wire;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>Where answers to this process come, as soon as they can be read there.</summary>
internal sealed class ReplyBox
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<ReplyAddress> _address = New();
    private string? _missing = NotStarted;

    public const string NotStarted = "the bus is not started.";

    /// <summary>Why answers could not be read, if so.</summary>
    public string? Missing => Volatile.Read(ref _missing);

    /// <summary>Waits until answers can be read.</summary>
    public Task<ReplyAddress> AddressAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _address.Task.WaitAsync(cancellationToken);
        }
    }

    public void Open(ReplyAddress address)
    {
        lock (_gate)
        {
            if (_address.Task.IsCompleted)
            {
                _address = New();
            }

            _address.SetResult(address);
            _missing = null;
        }
    }

    /// <summary>From now on nothing is asked, until it is opened again.</summary>
    public void Close(string reason)
    {
        lock (_gate)
        {
            if (_address.Task.IsCompleted)
            {
                _address = New();
            }

            _missing = reason;
        }
    }

    private static TaskCompletionSource<ReplyAddress> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
