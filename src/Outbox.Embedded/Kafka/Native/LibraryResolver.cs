using System.Reflection;
using System.Runtime.InteropServices;

namespace Outbox.Embedded.Kafka.Native;

/// <summary>Finds the librdkafka that Confluent.Kafka brings, on every platform it is built for.</summary>
internal static class LibraryResolver
{
    // The plain build needs glibc and OpenSSL of a recent distribution; the others are librdkafka's builds for older glibc and for musl.
    private static readonly string[] Builds = ["librdkafka", "centos8-librdkafka", "alpine-librdkafka"];

    public static IntPtr Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (library != LibRdKafka.Library)
            return IntPtr.Zero;

        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, assembly, searchPath, out var handle) || NativeLibrary.TryLoad(InRuntimesFolder(build), out handle))
                return handle;
        }

        throw new DllNotFoundException(
            $"librdkafka was not found for {RuntimeInformation.RuntimeIdentifier}. It comes with the package librdkafka.redist, which Confluent.Kafka refers to; " +
            $"its file is expected as {InRuntimesFolder(Builds[0])} or where the system's loader looks.");
    }

    private static string InRuntimesFolder(string build)
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var (system, extension) =
            OperatingSystem.IsWindows() ? ("win", "dll") :
            OperatingSystem.IsMacOS() ? ("osx", "dylib") :
            ("linux", "so");
        return Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{architecture}", "native", $"{build}.{extension}");
    }
}
