using System.Net;
using System.Net.Sockets;

namespace Demo.Services;

/// <summary>A loopback port that nobody uses. A service keeps it over its restarts, so that clients find it again.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
