using System.Diagnostics;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.Consuming;

/// What a contestant used for each message. Processor time says more than the rate where other processes share the machine.
internal readonly record struct Cost(double Rate, double Microseconds, double ServerMicroseconds, double Bytes, long Growth)
{
    public void Note(string name)
    {
        Figures.Note(name, Rate, "messages/s");
        Figures.Note($"{name}.cpu", Microseconds, "µs/message");
        if (ServerMicroseconds > 0)
        {
            Figures.Note($"{name}.servers_cpu", ServerMicroseconds, "µs/message");
        }

        Figures.Note($"{name}.allocated", Bytes, "bytes/message");
        Figures.Note($"{name}.growth", Growth / 1048576.0, "MB");
    }

    /// Runs from the moment it is made.
    public sealed class Meter(BenchmarkServers servers)
    {
        private readonly TimeSpan _servers = servers.ProcessorTime();
        private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
        private readonly long _before = Environment.WorkingSet;
        private readonly long _allocated = GC.GetTotalAllocatedBytes();
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private long _most;

        /// Cheap: a look at the process by System.Diagnostics reads all of its threads, and only one of the contestants is looked at while it runs.
        public void Look() => _most = Math.Max(_most, Environment.WorkingSet);

        public Cost Stop(int messages)
        {
            var seconds = _watch.Elapsed.TotalSeconds;
            var cpu = Environment.CpuUsage.TotalTime - _cpu;
            Look();
            return new Cost(
                messages / seconds,
                cpu.TotalMicroseconds / messages,
                (servers.ProcessorTime() - _servers).TotalMicroseconds / messages,
                (double)(GC.GetTotalAllocatedBytes() - _allocated) / messages,
                _most - _before);
        }
    }
}
