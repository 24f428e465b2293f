using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Outbox.Integration.Tests.Servers;

/// <summary>
/// Stands before a server and can freeze the connections that are open, as a machine that was paused or a network that swallows packets does. Connections opened later work.
/// </summary>
internal sealed class FreezingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Task> _late = [];
    private readonly int _port;
    private readonly bool _announces;
    private volatile int _generation;
    private volatile Loss _loss;

    /// <param name="port">The server's, on this machine.</param>
    /// <param name="announces">Whether the server tells clients its address, as a Kafka broker does: then they are told the proxy's.</param>
    public FreezingProxy(int port, bool announces = false)
    {
        (_port, _announces) = (port, announces);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Freeze(Loss loss = Loss.Everything)
    {
        _loss = loss;
        Interlocked.Increment(ref _generation);
    }

    /// <summary>Has the server get the requests that are late, and waits until it has done with them.</summary>
    public Task ReleaseAsync()
    {
        _released.TrySetResult();
        return Task.WhenAll(_late).WaitAsync(TimeSpan.FromSeconds(60), _stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _generation);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is disposed.
        }
    }

    private async Task ServeAsync(TcpClient client, int generation)
    {
        var connection = new Connection(client, generation);
        try
        {
            await connection.Server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            await Task.WhenAny(AskAsync(connection), AnswerAsync(connection));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Where there is no server, there is no connection.
        }
        finally
        {
            client.Dispose();
            if (connection.Late.Length == 0)
            {
                connection.Server.Dispose();
            }
            else
            {
                _late.Add(SendLateAsync(connection));
            }
        }
    }

    private Task AskAsync(Connection connection) => PumpAsync(connection.Client, async bytes =>
    {
        if (!IsFrozen(connection) || _loss == Loss.Answers)
        {
            await connection.Server.GetStream().WriteAsync(bytes, _stop.Token);
        }
        else if (_loss == Loss.Late)
        {
            connection.Late.Write(bytes.Span);
        }
    });

    private Task AnswerAsync(Connection connection) => PumpAsync(connection.Server, async bytes =>
    {
        if (!IsFrozen(connection))
        {
            Announce(bytes.Span);
            await connection.Client.GetStream().WriteAsync(bytes, _stop.Token);
        }
    });

    private bool IsFrozen(Connection connection) => connection.Generation != _generation;

    private async Task SendLateAsync(Connection connection)
    {
        using (connection.Server)
        {
            await _released.Task.WaitAsync(_stop.Token);
            await connection.Server.GetStream().WriteAsync(connection.Late.ToArray(), _stop.Token);
            connection.Server.Client.Shutdown(SocketShutdown.Send);
            await PumpAsync(connection.Server, _ => Task.CompletedTask);
        }
    }

    /// <summary>Puts the proxy's port in the place of the server's.</summary>
    private void Announce(Span<byte> answer)
    {
        ReadOnlySpan<byte> host = "127.0.0.1"u8;
        for (var from = 0; _announces && answer[from..].IndexOf(host) is >= 0 and var at; from += at + host.Length)
        {
            var port = answer[(from + at + host.Length)..];
            if (port.Length >= 4 && System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(port) == _port)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(port, ((IPEndPoint)_listener.LocalEndpoint).Port);
            }
        }
    }

    private async Task PumpAsync(TcpClient from, Func<Memory<byte>, Task> pass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var read)
            {
                await pass(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two sides is gone.
        }
    }

    private sealed class Connection(TcpClient client, int generation)
    {
        public TcpClient Client => client;

        public int Generation => generation;

        public TcpClient Server { get; } = new();

        public MemoryStream Late { get; } = new();
    }
}
