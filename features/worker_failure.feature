Feature: Worker failure
  A job is owned by one attempt of one worker at a time. Owners die, freeze and wake up again.

  Rule: A worker that dies frees its jobs

    Background:
      Given the job "pack A-1001" is enqueued
      And the worker "Ada" owns the job "pack A-1001"

    Scenario: Its process ends
      When the worker "Ada" dies
      Then the job "pack A-1001" is ready
      And the worker "Ada" died in attempt 1 at the job "pack A-1001"

    Scenario: It is silent for longer than its lease
      When nothing is heard of the worker "Ada" for longer than its lease
      Then the job "pack A-1001" is ready
      And the worker "Ada" died in attempt 1 at the job "pack A-1001"

    Scenario: Another worker runs the job
      Given a worker
      When nothing is heard of the worker "Ada" for longer than its lease
      Then the job "pack A-1001" is completed
      And the job "pack A-1001" has 2 attempts

    Scenario: A worker that was given up claims nothing
      Given the worker "Ada" was given up
      When the worker "Ada" claims
      Then the worker "Ada" gets no job
      And the worker "Ada" is told that it was given up
      And the job "pack A-1001" is ready

  Rule: A job that kills its workers ends dead

    Scenario: Every attempt ends with the death of its worker
      Given a job is allowed 2 attempts
      And the job "pack A-1001" is enqueued
      And the worker "Ada" died while it ran the job "pack A-1001"
      And the worker "Grace" runs the job "pack A-1001"
      When nothing is heard of the worker "Grace" for longer than its lease
      Then the job "pack A-1001" is dead
      And the worker "Ada" died in attempt 1 at the job "pack A-1001"
      And the worker "Grace" died in attempt 2 at the job "pack A-1001"

    Scenario: A job that had not begun is not to blame
      Given a job is allowed 2 attempts
      And the job "pack A-1001" is enqueued
      And the worker "Ada" died while it ran the job "pack A-1001"
      And the worker "Grace" owns the job "pack A-1001"
      When nothing is heard of the worker "Grace" for longer than its lease
      Then the job "pack A-1001" is ready
      And the job "pack A-1001" has 1 attempt

  Rule: A live job is never taken away because it is long

    Scenario: The lease is not over yet
      Given the job "pack A-1001" is enqueued
      And the worker "Ada" owns the job "pack A-1001"
      When nothing is heard of the worker "Ada" for as long as its lease
      Then the job "pack A-1001" is still running
      And the job "pack A-1001" has 1 attempt

    Scenario: A job that works for many leases
      Given a worker
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      When many leases pass, one after the other
      Then the job "pack A-1001" is still running
      And the job "pack A-1001" has 1 attempt

  Rule: A worker that was taken for dead goes on working

    Scenario: It is heard of again
      Given a worker
      And the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      And that worker was given up, though it still works
      And jobs may end
      When a minute passes
      Then the job "pack A-1001" is completed
      And the job "pack A-1001" has 2 attempts
      And the only note is "A-1001 is packed"
