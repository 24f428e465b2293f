using System.Net;
using System.Net.Sockets;

namespace Outbox.Embedded.Kafka;

/// <summary>
/// A port of the user's choice in front of a broker, whose own port librdkafka chooses. A client comes here first; where it goes from there, the broker's metadata says.
/// </summary>
internal sealed class FixedPort : IDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();

    private FixedPort(Socket listener) => _listener = listener;

    public string Address => _listener.LocalEndPoint!.ToString()!;

    /// <exception cref="InvalidOperationException">The port is taken, or may not be used.</exception>
    public static FixedPort Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(512);
            return new FixedPort(listener);
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw new InvalidOperationException($"The embedded Kafka cluster cannot listen on 127.0.0.1:{port} ({error.SocketErrorCode}): choose another port, or 0 for a free one.", error);
        }
    }

    public void Serve(IPEndPoint broker) => _ = AcceptAsync(broker);

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync(IPEndPoint broker)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ForwardAsync(await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false), broker);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client left before it was served, or the cluster ends.
            }
        }
    }

    private async Task ForwardAsync(Socket client, IPEndPoint broker)
    {
        using var near = Stream(client);
        try
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var far = await ConnectAsync(server, broker).ConfigureAwait(false);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // The broker is down: the client sees its connection closed, as it would there.
        }
    }

    private async Task<NetworkStream> ConnectAsync(Socket server, IPEndPoint broker)
    {
        try
        {
            await server.ConnectAsync(broker, _stopping.Token).ConfigureAwait(false);
            return Stream(server);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends when either side has closed its connection.</summary>
    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Both ends are closed by whoever waits for this.
        }
    }

    private static NetworkStream Stream(Socket socket)
    {
        socket.NoDelay = true;
        return new NetworkStream(socket, ownsSocket: true);
    }
}
